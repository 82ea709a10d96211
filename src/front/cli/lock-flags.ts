// What is done about lock files, for all commands that look at a build.

import type { BuildOptions } from '../../app/index.ts';
import { MilleError } from '../../core/index.ts';
import type { FlagValues } from './spec.ts';

export const LOCK_FLAGS = {
  'lock-file': {
    kind: 'string',
    value: 'PATH',
    help: 'the lock file; by default mille.lock beside the Dockerfile, or NAME.mille.lock beside one called NAME',
  },
  locked: {
    kind: 'boolean',
    help: 'take everything from the lock file: an error where there is none, or something is not in it',
  },
  'no-lock': { kind: 'boolean', help: 'build as if there were no lock file' },
} as const;

/** @throws MilleError `usage` for what contradicts itself */
export function lockOptions(flags: FlagValues<typeof LOCK_FLAGS>): Pick<BuildOptions, 'lock' | 'lockFile'> {
  const { locked, 'no-lock': unlocked, 'lock-file': file } = flags;
  if (unlocked && (locked || file !== undefined)) {
    throw new MilleError(
      'usage',
      `--no-lock and ${locked ? '--locked' : '--lock-file'} cannot be given together`,
      {
        hint: 'one looks at the lock file, the other does not: choose one',
      },
    );
  }
  if (file === '') throw new MilleError('usage', '--lock-file needs the path of a file');
  return {
    ...(locked ? { lock: 'strict' } : unlocked ? { lock: 'ignored' } : {}),
    ...(file === undefined ? {} : { lockFile: file }),
  };
}
