// One file of an image, written to this machine: whole or not at all, and never over something without being told to.

import type { ContentPlace } from '../../insight/explore/index.ts';
import type { OpenedImage } from '../../oci/image/index.ts';
import { CWD, chmodAt, isErrno, linkAt, processId, renameAt, statAt, unlinkAt } from '../../sys/index.ts';
import { checkFile, intoFile } from '../into-file.ts';
import { streamContent } from './read-content.ts';
import type { ExtractTarget } from './types.ts';

/** See `Exploration.extract`. */
export async function extractFile(
  image: OpenedImage,
  place: ContentPlace,
  { path, overwrite, signal }: ExtractTarget & { readonly signal: AbortSignal },
): Promise<'done' | 'exists'> {
  checkFile(path);
  if (statAt(CWD, path) && !overwrite) return 'exists';
  const write = async (sink: (bytes: Uint8Array) => void) => {
    if (place.entry.size === 0) return;
    const data = (bytes: Uint8Array) => {
      sink(bytes);
      return true;
    };
    await streamContent(image, place, { signal, data });
  };
  if (overwrite) {
    await intoFile(path, write, signal);
    makeExecutable(path, place);
    return 'done';
  }
  const aside = `${path}.${processId()}.part`;
  await intoFile(aside, write, signal);
  makeExecutable(aside, place);
  return moveWhereNothingIs(aside, path);
}

/** A link is refused where something has appeared meanwhile; a rename would go over it. */
function moveWhereNothingIs(from: string, to: string): 'done' | 'exists' {
  try {
    linkAt({ dirFd: CWD, name: from }, { dirFd: CWD, name: to });
  } catch (error) {
    if (isErrno(error, 'EEXIST')) {
      unlinkAt(CWD, from);
      return 'exists';
    }
    // File systems without hard links.
    renameAt({ dirFd: CWD, name: from }, { dirFd: CWD, name: to });
    return 'done';
  }
  unlinkAt(CWD, from);
  return 'done';
}

/** Who may read a program may execute it, as in the image. Nothing that makes it run as somebody else is taken over. */
function makeExecutable(path: string, { entry }: ContentPlace): void {
  const there = statAt(CWD, path);
  if (there?.type === 'file' && (entry.mode & 0o111) !== 0) {
    chmodAt(CWD, path, there.mode | ((there.mode & 0o444) >> 2));
  }
}
