// A program that is not to outlive this one, however this one ends: its standard input is a pipe that nobody else holds.

import { check, libc, O } from './calls.ts';
import { closeFd } from './files.ts';
import { type ExitResult, type SpawnOptions, spawn } from './process.ts';

/** Such a program. */
export interface HeldProgram {
  readonly exited: Promise<ExitResult>;
  /** Lets its standard input end; twice is fine. */
  release(): void;
}

/** Starts a program that ends when its standard input does. @throws as `spawn`, through `exited` */
export function holdProgram(command: readonly string[], options: Omit<SpawnOptions, 'stdin'>): HeldProgram {
  const ends = new Int32Array(2);
  check(libc().pipe2(new Uint8Array(ends.buffer), O.CLOEXEC), 'pipe');
  const [readEnd, writeEnd] = ends as unknown as [number, number];
  let held = true;
  const release = () => {
    if (held) closeFd(writeEnd);
    held = false;
  };
  let theirs = true;
  const started = () => {
    if (theirs) closeFd(readEnd);
    theirs = false;
  };
  const run = async (): Promise<ExitResult> => {
    try {
      return await spawn(command, { ...options, stdin: readEnd, onStart: started });
    } finally {
      started();
      release();
    }
  };
  return { exited: run(), release };
}
