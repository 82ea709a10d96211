// An error the kernel reported, as a `MilleError` that users can act on, with the errno's name for callers that
// expect one particular outcome.

import { constants } from 'node:os';
import { displayPath, MilleError } from '../core/index.ts';

/** Second names that Linux has for some numbers: callers compare with the first. */
const ALIASES = ['EWOULDBLOCK', 'ENOTSUP'];

const NAMES = new Map<number, string>(
  Object.entries(constants.errno).flatMap(([name, number]) =>
    ALIASES.includes(name) ? [] : [[number, name] as const],
  ),
);

const HINTS: Record<string, string> = {
  ENOSPC: 'free some space, or point MILLE_ROOT to a larger file system; nothing was lost',
  EDQUOT: 'free some space, or point MILLE_ROOT to a larger file system; nothing was lost',
  EACCES: 'look at its owner and mode (ls -ld): the user who runs mille needs access to it',
  EROFS: 'the file system is mounted read-only',
  EMFILE: 'raise the limit of open files: ulimit -n',
};

const SENTENCES: Record<string, string> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ENOSPC: 'no space left on device',
  EDQUOT: 'disk quota exceeded',
  EEXIST: 'file exists',
  ENOTDIR: 'not a directory',
  EISDIR: 'is a directory',
  ELOOP: 'too many levels of symbolic links, or a link where none is allowed',
  ENAMETOOLONG: 'file name too long',
  EROFS: 'read-only file system',
  EMFILE: 'too many open files',
  ENOTEMPTY: 'directory not empty',
  EXDEV: 'not on the same file system',
};

/** A failed system call. `errno` is the symbolic name, such as `ENOENT`. */
export class SystemError extends MilleError {
  readonly errno: string;

  constructor(errno: number, call: string, path?: string) {
    const name = NAMES.get(errno) ?? `errno ${errno}`;
    const full = name === 'ENOSPC' || name === 'EDQUOT';
    const where = path === undefined ? '' : ` '${displayPath(path)}'`;
    super(full ? 'disk-full' : 'io', `${SENTENCES[name] ?? name}: ${call}${where}`, {
      ...(HINTS[name] === undefined ? {} : { hint: HINTS[name] }),
    });
    this.errno = name;
  }
}

/** Whether an error is a system error of the given name; also understands the errors of `node:fs` and Bun. */
export function isErrno(error: unknown, ...names: string[]): boolean {
  if (error instanceof SystemError) return names.includes(error.errno);
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && names.includes(code);
}
