// Files that are in no file system: bytes for a child that must neither be on a disk nor among its arguments or
// variables, where others of the same user can read them.

import { check, cstring, libc } from './calls.ts';
import { closeFd, writeAll } from './files.ts';

const MFD_CLOEXEC = 1;

/** Makes such a file. Whoever is given its descriptor can open it again, at its start. @returns a descriptor */
export function memoryFile(name: string, bytes: Uint8Array): number {
  const fd = check(libc().memfd_create(cstring(name), MFD_CLOEXEC), 'make a memory file');
  try {
    writeAll(fd, bytes);
    return fd;
  } catch (error) {
    closeFd(fd);
    throw error;
  }
}
