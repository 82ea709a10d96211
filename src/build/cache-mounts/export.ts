// Caches written to an archive. Each is locked, so that no build changes it meanwhile.

import { MilleError } from '../../core/index.ts';
import { type ByteSink, createTreePacker, type TreeSummary } from '../../oci/layer/index.ts';
import type { Held, Store } from '../../oci/store/index.ts';
import { CWD, closeFd, lockFd, O, openAt } from '../../sys/index.ts';
import { HEAD, headText, TAIL, tailText, treeName } from './archive.ts';
import { contentsOf, type MountInfo } from './list.ts';
import { lockOf } from './open.ts';

/**
 * Writes caches to a sink as one archive.
 * @throws MilleError `cache-in-use` where a build uses one of them, before anything is written; what the sink throws
 */
export async function exportMounts(
  store: Store,
  mounts: readonly MountInfo[],
  sink: ByteSink,
): Promise<readonly TreeSummary[]> {
  const locks: Held[] = [];
  try {
    for (const mount of mounts) lock(store, mount, locks);
    const packer = createTreePacker(sink);
    await packer.document(HEAD, headText(mounts.map(({ identity }) => identity!)));
    const summaries: TreeSummary[] = [];
    for (const [i, { directory }] of mounts.entries()) {
      const parts = contentsOf(directory).map((name) => ({
        directory: `${directory}/${name}`,
        path: `${treeName(i)}/${name}`,
      }));
      summaries.push(await packer.tree(parts));
    }
    await packer.document(TAIL, tailText(summaries));
    await packer.finish();
    return summaries;
  } finally {
    for (const held of locks) held.release();
  }
}

/** Keeps a cache from being removed, and then its contents from being used. */
function lock(store: Store, mount: MountInfo, locks: Held[]): void {
  locks.push(store.claims.hold(mount.hash));
  for (const name of contentsOf(mount.directory)) {
    const fd = openAt(CWD, lockOf(`${mount.directory}/${name}`), { flags: O.RDWR | O.CREAT, mode: 0o600 });
    locks.push({ release: () => closeFd(fd) });
    if (!lockFd(fd, { exclusive: true, wait: false })) throw mountInUse(mount, 'written out');
  }
}

/** The error for a cache that a build uses just now. */
export function mountInUse(mount: Pick<MountInfo, 'hash' | 'identity'>, what: string): MilleError {
  const name = mount.identity?.id ?? mount.hash;
  return new MilleError('cache-in-use', `the cache mount ${name} cannot be ${what}: a build is using it`, {
    hint: 'try again when the build has ended; `mille cache ls` shows which are in use',
  });
}
