// Volumes as mounts of one container.
//
// A volume without a source is, in Docker, a new directory filled with what the image has at its place. The
// container's own layer does the same where the image has a directory there: what is written goes to the layer, and
// with it at the end. So nothing is mounted then, unless one of root and volume is read-only: the directory is then
// mounted on itself, which keeps that part as it should be.

import type { SandboxMount } from '../../build/sandbox/index.ts';
import { cleanRelative, MilleError } from '../../core/index.ts';
import type { MergedTree } from '../../oci/layer/index.ts';
import { CWD, chmodAt, makeDirectories, mkdirAt, statAt } from '../../sys/index.ts';
import type { Volume } from './volume.ts';

/** Where a container's things are. */
export interface VolumePlaces {
  /** What the image shows. */
  readonly image: MergedTree;
  /** Absolute; the container's root is mounted at `rootfs` in it. */
  readonly bundle: string;
  /** An absolute directory for volumes of the container's own. */
  readonly own: string;
  readonly readonlyRoot: boolean;
}

/** @throws MilleError `run-failed` for a source that has to be there, and is not */
export function checkSources(volumes: readonly Volume[]): void {
  for (const { source, mustExist = false } of volumes) {
    if (source === undefined || !mustExist || isThere(source)) continue;
    throw new MilleError('run-failed', `the source of --mount does not exist: ${source}`, {
      hint: 'make it, or mount it with -v, which makes a directory that is missing',
    });
  }
}

function isThere(path: string): boolean {
  return statAt(CWD, `${path}/.`) !== undefined || statAt(CWD, path) !== undefined;
}

/** The mounts for volumes. Directories of the host that are missing are made, as Docker does. */
export function mountVolumes(volumes: readonly Volume[], places: VolumePlaces): SandboxMount[] {
  return volumes.flatMap((volume, i) => {
    const { source, target, readonly } = volume;
    if (source === undefined) return ownVolume(volume, places, i);
    if (!isThere(source)) makeDirectories(source);
    return [{ type: 'bind', source, target, readonly }];
  });
}

function ownVolume({ target, readonly }: Volume, places: VolumePlaces, index: number): SandboxMount[] {
  const path = places.image.resolve(cleanRelative(target));
  const entry = path === undefined ? undefined : places.image.get(path)?.entry;
  if (entry === undefined || path === undefined) {
    const source = `${places.own}/volume-${index}`;
    mkdirAt(CWD, source);
    chmodAt(CWD, source, 0o755);
    return [{ type: 'bind', source, target, readonly }];
  }
  if (entry.type !== 'dir') {
    throw new MilleError('run-failed', `the volume ${target} is not a directory in the image`, {
      hint: 'choose another place with -v',
    });
  }
  // Resolved inside of the image: a link of the image must not lead to the host.
  const source = `${places.bundle}/rootfs/${path}`;
  return places.readonlyRoot || readonly ? [{ type: 'bind', source, target, readonly }] : [];
}
