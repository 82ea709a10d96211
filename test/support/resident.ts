// Command lines done by a process that stays: most of the time of a small build goes into code that runs for the first
// time. What a command line does is the same, flags, files, output and exit status included. Only for hundreds of them: a
// dozen are done sooner by processes of their own, and those are what users start. MILLE_TEST_FRESH=1 gives all one.

import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A command line for the process. */
export interface Task {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Files to be written. */
  readonly stdout: string;
  readonly stderr: string;
}

/** A process that does command lines, one at a time. */
export interface Resident {
  run(
    args: readonly string[],
    place: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
  ): Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }>;
}

const wanted = process.env.MILLE_TEST_FRESH !== '1';
const idle: Resident[] = [];
let started = 0;

/**
 * A process that has nothing to do, to be given a command line at once.
 * @param place where it may write; removed by the caller when all is done
 * @param most how many there may be
 * @returns undefined where all are busy, or none is wanted
 */
export function idleResident(place: string, most: number): Resident | undefined {
  if (!wanted) return undefined;
  const found = idle.pop();
  if (found || started >= most) return found;
  started++;
  return startResident(place);
}

/** Starts a process. It ends with this one. */
function startResident(place: string): Resident {
  const directory = mkdtempSync(join(place, 'resident-'));
  const [stdout, stderr] = [join(directory, 'stdout'), join(directory, 'stderr')];
  let answer: ((status: number) => void) | undefined;
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'resident-program.ts')], {
    ipc: (status: number) => answer?.(status),
    // What it says for itself, where it breaks.
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  child.unref();
  const ended = child.exited.then((status) => {
    started--;
    if (idle.includes(self)) idle.splice(idle.indexOf(self), 1);
    throw new Error(`the resident program ended with ${child.signalCode ?? status}`);
  });
  ended.catch(() => undefined);
  const self: Resident = {
    run: async (args, { cwd, env }) => {
      const given = Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined);
      const task: Task = { args, cwd, env: Object.fromEntries(given), stdout, stderr };
      const answered = new Promise<number>((resolve) => {
        answer = resolve;
      });
      child.send(task);
      const status = await Promise.race([answered, ended]);
      const result = {
        status,
        stdout: readFileSync(stdout, 'utf8'),
        stderr: readFileSync(stderr, 'utf8'),
      };
      idle.push(self);
      return result;
    },
  };
  return self;
}
