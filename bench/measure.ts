// Runs one command and takes its time and memory.

import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What one run of a command took. */
export interface Sample {
  readonly seconds: number;
  /**
   * Peak resident memory in bytes, of the largest process among the command and those it waited for. What is less
   * than some 40 MB cannot be told apart: see measured.ts.
   */
  readonly peak: number;
  /** Processor time, the system's included, of the same processes; of a daemon's where that does the work. */
  readonly cpu: number;
}

/** What a command left. */
export interface Done extends Sample {
  readonly stdout: string;
  readonly stderr: string;
}

/** Surroundings of a command. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command to its end. @throws Error with its last words where it fails: a figure of a failure means nothing */
export function run(command: readonly string[], options: RunOptions = {}): Done {
  const figures = join(tmpdir(), `mille-figures-${process.pid}`);
  const result = Bun.spawnSync(
    [process.execPath, join(import.meta.dir, 'measured.ts'), figures, ...command],
    {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: { ...process.env, ...options.env },
      stdin: null,
      stdout: 'pipe',
      stderr: 'pipe',
    },
  );
  const stdout = result.stdout.toString();
  const stderr = result.stderr.toString();
  if (result.exitCode !== 0) {
    const words = `${stdout}${stderr}`.split('\n').slice(-15).join('\n');
    throw new Error(`${command.slice(0, 6).join(' ')} … ended with ${result.exitCode}:\n${words}`);
  }
  const { seconds, peak, cpu } = JSON.parse(readFileSync(figures, 'utf8')) as Sample;
  rmSync(figures);
  return { seconds, peak, cpu, stdout, stderr };
}

/** The middle value; the mean of the two middle ones of an even number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  if (sorted.length % 2 === 1) return sorted[Math.floor(half)]!;
  return (sorted[half - 1]! + sorted[half]!) / 2;
}
