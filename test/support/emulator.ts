// A command of this machine with an emulator registered for the time it takes, as `binfmt_misc` has them.

import { command } from './docker.ts';

/** A program that executes those of another processor. */
export interface Emulator {
  readonly program: string;
  /** What their files have at a place, as `binfmt_misc` reads it: `OFFSET:MAGIC:MASK`. */
  readonly matches: string;
}

/** What a command left; undefined, with a word, where nothing can be registered here. */
export function withEmulator(
  { program, matches }: Emulator,
  line: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ReturnType<typeof command> | undefined {
  const at = '/proc/sys/fs/binfmt_misc';
  const name = `mille-test-${process.pid}`;
  const script = [
    `mount -t binfmt_misc none ${at} || exit 99`,
    // The file stays open (F): it need not be there in the container.
    `printf '%s' ':${name}:M:${matches}:${program}:F' >${at}/register || exit 99`,
    '"$@"; status=$?',
    `echo -1 >${at}/${name}`,
    'exit $status',
  ].join('\n');
  const done = command(['unshare', '-m', 'sh', '-c', script, 'sh', ...line], { env });
  if (done.status !== 99) return done;
  console.warn('skipped: binfmt_misc cannot be mounted here');
  return undefined;
}
