// What is in a directory of the store.

import { CWD, closeFd, listDirectory, openDirectory } from '../../sys/index.ts';

/** The names in a directory (absolute path), sorted. */
export function namesIn(directory: string): string[] {
  const fd = openDirectory(CWD, directory);
  try {
    return listDirectory(fd);
  } finally {
    closeFd(fd);
  }
}
