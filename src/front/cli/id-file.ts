// `--iidfile`: the image id in a file, without a line break, as Docker writes it.

import { MilleError } from '../../core/index.ts';

/** Removes an id of an earlier build. What is no ordinary file (`/dev/stdout`, a pipe) is left alone. */
export async function clearIdFile(path: string): Promise<void> {
  if (path === '') throw new MilleError('usage', '--iidfile has no path', { hint: 'write --iidfile PATH' });
  const { CWD, statAt, unlinkAt } = await import('../../sys/index.ts');
  const parent = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) || '/' : '.';
  if (statAt(CWD, path)?.type === 'dir' || statAt(CWD, `${parent}/.`)?.type !== 'dir') {
    throw new MilleError('io', `cannot write the image id to '${path}'`, {
      hint: 'it must be a file in a directory that is there',
    });
  }
  if (statAt(CWD, path)?.type === 'file') unlinkAt(CWD, path);
}

/** Writes the id. @throws SystemError where the file cannot be written. */
export async function writeIdFile(path: string, imageId: string): Promise<void> {
  const { CWD, closeFd, O, openAt, writeAll } = await import('../../sys/index.ts');
  const fd = openAt(CWD, path, { flags: O.WRONLY | O.CREAT | O.TRUNC, mode: 0o644 });
  try {
    writeAll(fd, new TextEncoder().encode(imageId));
  } finally {
    closeFd(fd);
  }
}
