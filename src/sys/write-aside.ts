// Writing while the caller goes on: the system call is made by another thread of the runtime.

import { write } from 'node:fs';
import { SystemError } from './system-error.ts';

/**
 * Writes all of `bytes` at the descriptor's offset. They may not change, and nothing else may use the descriptor,
 * before the promise is settled.
 * @throws SystemError
 */
export async function writeAside(fd: number, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += await writeOnce(fd, at === 0 ? bytes : bytes.subarray(at));
}

function writeOnce(fd: number, bytes: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, 0, bytes.length, null, (error, count) => {
      if (!error) resolve(count);
      else reject(typeof error.errno === 'number' ? new SystemError(Math.abs(error.errno), 'write') : error);
    });
  });
}
