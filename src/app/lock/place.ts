// Where the lock file of a build is: beside its Dockerfile, under a name that says whose it is.

import { MilleError, type SourceText } from '../../core/index.ts';
import { isUrl } from '../../lang/address/index.ts';
import { CWD, isErrno, readSmallFile, statAt, workingDirectory } from '../../sys/index.ts';
import { absoluteDirectory } from '../build/directory-context.ts';
import type { BuildOptions } from '../types.ts';
import { type LockFile, readLock } from './lock-file.ts';

/** Where it is, or would be. */
export interface LockPlace {
  /** Absolute. */
  readonly path: string;
  /** As messages call it. */
  readonly shown: string;
}

/** Bytes of a lock file; some twenty thousand entries. */
const LARGEST_LOCK = 4 * 1024 * 1024;

/** What the lock file of a Dockerfile is called, as `<Dockerfile>.dockerignore` is for one that is not called so. */
export function lockName(dockerfile: string): string {
  const name = dockerfile.slice(dockerfile.lastIndexOf('/') + 1);
  return name === 'Dockerfile' || name === 'dockerfile' ? 'mille.lock' : `${name}.mille.lock`;
}

/** The path of the lock file beside a Dockerfile. */
export function lockBeside(dockerfile: string): string {
  return dockerfile.slice(0, dockerfile.lastIndexOf('/') + 1) + lockName(dockerfile);
}

type Asked = Pick<BuildOptions, 'context' | 'dockerfile' | 'lockFile' | 'standsFor'>;

/** The place on this machine; undefined where the Dockerfile is none of its files, and nobody says where. */
export function lockPlace({ context, dockerfile, lockFile, standsFor }: Asked): LockPlace | undefined {
  const here = workingDirectory();
  const at = (shown: string) => ({ path: absoluteDirectory(shown, here), shown });
  if (lockFile !== undefined) return at(lockFile);
  if (standsFor !== undefined) return { path: lockBeside(standsFor), shown: lockName(standsFor) };
  if (dockerfile !== undefined) {
    if (dockerfile === '-' || isUrl(dockerfile)) return undefined;
    return dockerfile.startsWith('/') || isContextDirectory(context) ? at(lockBeside(dockerfile)) : undefined;
  }
  if (!isContextDirectory(context)) return undefined;
  return {
    path: `${absoluteDirectory(context, here)}/${lockName('Dockerfile')}`,
    shown: lockName('Dockerfile'),
  };
}

/** Whether a context is a directory of this machine, whatever address its name may look like. */
export function isContextDirectory(context: string): boolean {
  return (
    context !== '-' && statAt(CWD, `${absoluteDirectory(context, workingDirectory())}/.`)?.type === 'dir'
  );
}

/** Reads a lock file; undefined where there is none. @throws MilleError `file-format` with the place, `io` */
export function readLockAt({ path, shown }: LockPlace): LockFile | undefined {
  const source = readText(path, shown);
  return source && readLock(source);
}

function readText(path: string, shown: string): SourceText | undefined {
  try {
    return { name: shown, text: Buffer.from(readSmallFile(CWD, path, LARGEST_LOCK)).toString() };
  } catch (cause) {
    if (isErrno(cause, 'ENOENT', 'ENOTDIR')) return undefined;
    if (isErrno(cause, 'EFBIG'))
      throw new MilleError('file-format', `${shown} is larger than ${LARGEST_LOCK} bytes`, { cause });
    if (isErrno(cause, 'EISDIR'))
      throw new MilleError('io', `${shown} is a directory, not a lock file`, { cause });
    throw cause;
  }
}
