// Standard input, read whole or spooled to a file.

import { CWD, O } from './calls.ts';
import { closeFd, openAt, readInto, writeAll } from './files.ts';
import { isErrno, SystemError } from './system-error.ts';

async function* standardInput(): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(1 << 16);
  for (;;) {
    let count: number;
    try {
      count = readInto(0, buffer);
    } catch (error) {
      // A terminal or pipe that another program set to non-blocking: wait for it.
      if (!isErrno(error, 'EAGAIN')) throw error;
      await Bun.sleep(5);
      continue;
    }
    if (count === 0) return;
    yield buffer.subarray(0, count);
  }
}

/** Reads all of standard input. @throws SystemError `EFBIG` above `limit` bytes. */
export async function readStandardInput(limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of standardInput()) {
    chunks.push(chunk.slice());
    total += chunk.length;
    if (total > limit) throw new SystemError(27, 'read', 'standard input');
  }
  return Buffer.concat(chunks, total);
}

/** Writes all of standard input to a new file. */
export async function spoolStandardInput(path: string): Promise<void> {
  const fd = openAt(CWD, path, { flags: O.WRONLY | O.CREAT | O.EXCL, mode: 0o600 });
  try {
    for await (const chunk of standardInput()) writeAll(fd, chunk);
  } finally {
    closeFd(fd);
  }
}
