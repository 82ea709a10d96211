import type { ArchiveTree } from './types.ts';

/** Whether a file is a tar archive, compressed or not, as ADD finds out: by content, not by name. */
export async function isTarArchive(_path: string): Promise<boolean> {
  throw new Error('not written yet');
}

/**
 * Opens a plain or compressed tar (a path or a descriptor) as a tree of files, without extracting it: what is compressed is spooled to
 * an unnamed file in `tmpDir`. Files are hashed on the way.
 * @throws MilleError `archive-broken`, `archive-escape`, `archive-limit`
 */
export async function openTarTree(_source: string | number, _tmpDir: string): Promise<ArchiveTree> {
  throw new Error('not written yet');
}
