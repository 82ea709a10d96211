// Small files of the machine that say how it is set up.

import { CWD, isErrno, readSmallFile } from '../../sys/index.ts';

const LIMIT = 1 << 20;

/** The text of a file; '' where it is not there or not ours to read. */
export function hostFile(path: string): string {
  try {
    return new TextDecoder().decode(readSmallFile(CWD, path, LIMIT));
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'EACCES', 'ENOTDIR')) return '';
    throw error;
  }
}
