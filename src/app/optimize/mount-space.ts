// Cache mounts of builds that are made to be measured: empty at first, whatever other builds have left in theirs, and
// nothing of them stays.

import { clearMounts, listMounts } from '../../build/cache-mounts/index.ts';
import { withServices } from '../services.ts';

/** A word for `BuildOptions.mountSpace`, another one each time. */
export function newMountSpace(): string {
  return `mille-optimize-${crypto.randomUUID()}`;
}

/** Whether builds with that word used cache mounts. */
export async function usedMounts(space: string): Promise<boolean> {
  return await withServices('files', async (services) => {
    const store = await services.store();
    return listMounts(store).some(({ identity }) => isOf(space, identity?.id));
  });
}

/** Removes the cache mounts of builds with those words. */
export async function clearMountSpaces(spaces: Iterable<string>): Promise<void> {
  const all = [...spaces];
  if (all.length === 0) return;
  await withServices('container', async (services) => {
    const store = await services.store();
    const own = listMounts(store).filter(({ identity }) => all.some((space) => isOf(space, identity?.id)));
    clearMounts(
      store,
      own.map(({ hash }) => hash),
    );
  });
}

function isOf(space: string, id: string | undefined): boolean {
  return id?.startsWith(`${space}:`) === true;
}
