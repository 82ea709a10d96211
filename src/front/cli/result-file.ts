// `--iidfile` and `--metadata-file`: what a build gave, in a file, written as Docker writes it: without a line break.

import { MilleError } from '../../core/index.ts';

/**
 * Makes ready for a file, removing that of an earlier build. What is no ordinary file (`/dev/stdout`, a pipe) is left
 * alone.
 * @returns writes the text; undefined where no file is wanted
 * @throws MilleError `usage` without a path, `io` where no file can be
 */
export async function resultFile(
  flag: string,
  path: string | undefined,
): Promise<((text: string) => void) | undefined> {
  if (path === undefined) return undefined;
  if (path === '') throw new MilleError('usage', `${flag} has no path`, { hint: `write ${flag} PATH` });
  const { CWD, closeFd, O, openAt, statAt, unlinkAt, writeAll } = await import('../../sys/index.ts');
  const parent = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) || '/' : '.';
  if (statAt(CWD, path)?.type === 'dir' || statAt(CWD, `${parent}/.`)?.type !== 'dir') {
    throw new MilleError('io', `cannot write the file of ${flag} to '${path}'`, {
      hint: 'it must be a file in a directory that is there',
    });
  }
  if (statAt(CWD, path)?.type === 'file') unlinkAt(CWD, path);
  return (text) => {
    const fd = openAt(CWD, path, { flags: O.WRONLY | O.CREAT | O.TRUNC, mode: 0o644 });
    try {
      writeAll(fd, new TextEncoder().encode(text));
    } finally {
      closeFd(fd);
    }
  };
}
