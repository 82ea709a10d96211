// The layers of an image as a snapshot, brought into the store first where they are somewhere else.

import type { BaseImage } from './evaluate-build.ts';
import type { ExecuteServices } from './services.ts';
import { type Snapshot, snapshotOf } from './snapshot.ts';

/**
 * Opens an image.
 * @param step what progress is said of
 * @returns also whether anything had to be read for it
 */
export async function imageSnapshot(
  services: ExecuteServices,
  image: BaseImage,
  step: string,
): Promise<{ readonly snapshot: Snapshot; readonly read: boolean }> {
  const { store, events, travel } = services;
  const { config, descriptors, load } = image;
  const diffIds = config.rootfs.diff_ids;
  if (load && descriptors && travel?.takeBase({ diffIds, descriptors, load }))
    return { snapshot: snapshotOf(store, diffIds), read: false };
  const read = await load?.((done, total) =>
    events({
      type: 'step-progress',
      step,
      doing: 'reading the layers',
      done,
      ...(total === undefined ? {} : { total }),
    }),
  );
  return { snapshot: snapshotOf(store, diffIds), read: read ?? false };
}
