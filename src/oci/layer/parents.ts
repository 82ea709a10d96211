// What holds for the parents of entries wherever an archive is read: merged, unpacked or shown as a tree.

import { displayPath, MilleError } from '../../core/index.ts';
import type { Entry } from '../image/index.ts';
import { brokenTar } from './tar/format.ts';

/** Symbolic links that are followed at most on the way to one path, as in the kernel. */
export const MAX_LINKS = 40;

/** What a directory is taken for that no layer lists. */
export function implied(path: string): Entry {
  return { path, type: 'dir', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0 };
}

/** The error for an entry below a symbolic link of the same archive. */
export function throughLink(link: string, path: string): MilleError {
  return new MilleError(
    'archive-escape',
    `the archive holds a name below its own symbolic link '${displayPath(link)}': '${displayPath(path)}'`,
    { hint: 'such an archive could write outside its directory; nothing of this entry was unpacked' },
  );
}

/** The error for an entry below a file of the same archive. */
export function belowFile(path: string): MilleError {
  return brokenTar(`'${displayPath(path)}' is below something that is no directory`);
}

/** The error for a parent that leads through links without end. */
export function linkLoop(path: string): MilleError {
  return brokenTar(`'${displayPath(path)}' leads through a loop of symbolic links`);
}

/** @throws MilleError `archive-broken` for a hard link that would replace its own file or a directory above it */
export function checkLink(entry: Entry): void {
  if (entry.link !== entry.path && !entry.link!.startsWith(`${entry.path}/`)) return;
  throw inPlaceOfItself(entry);
}

/** The error for a hard link that would take its own file away, or a directory above it. */
export function inPlaceOfItself(entry: Entry): MilleError {
  return brokenTar(`the hard link '${displayPath(entry.path)}' stands in the place of its own file`);
}
