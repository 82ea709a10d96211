// Which OCI runtime works on this machine: found out by running one container once, and remembered.

import { MilleError } from '../../core/index.ts';
import {
  CWD,
  findProgram,
  makeTemporaryDirectory,
  mkdirAt,
  privilege,
  removeTree,
  statAt,
} from '../../sys/index.ts';
import type { Runtime } from './chain.ts';
import { runContainer } from './run.ts';

/** Keeps one short text by key between runs of the program; the key names the runtime's file and its age. */
export interface ProbeMemory {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
}

export interface ProbeOptions {
  readonly memory?: ProbeMemory;
  /** Where the trial's files are made: a directory of the file system that containers will use. */
  readonly directory?: string;
}

const NAMES = ['runc', 'crun'] as const;

/**
 * The first of runc and crun that can run a container here.
 * @throws MilleError `no-runtime`, which says what to install or why each one failed.
 */
export async function probeRuntime(options: ProbeOptions = {}): Promise<Runtime> {
  const rootless = privilege() === 'rootless';
  const failures: string[] = [];
  for (const name of NAMES) {
    const path = findProgram(name);
    if (!path) continue;
    const runtime: Runtime = { name, path, rootless };
    const stat = statAt(CWD, path);
    const key = `runtime:${path}:${stat?.mtime}:${stat?.size}:${rootless ? 'rootless' : 'root'}`;
    if (options.memory?.get(key) === 'works') return runtime;
    const failure = await tryRuntime(runtime, options.directory);
    if (failure === undefined) {
      options.memory?.set(key, 'works');
      return runtime;
    }
    failures.push(`${path}: ${failure}`);
  }
  if (failures.length === 0) {
    throw new MilleError('no-runtime', 'no OCI runtime is installed', {
      hint: 'install runc (on Debian and Ubuntu: apt install runc) or crun',
    });
  }
  throw new MilleError('no-runtime', `no OCI runtime works on this machine\n${failures.join('\n')}`, {
    hint:
      failures.length === NAMES.length
        ? "the messages above are the runtimes' own"
        : 'try the other one of runc and crun',
  });
}

/**
 * Runs a command that does not exist in an empty root: the runtime looks for it after everything else has worked,
 * so "not found" is the answer of a runtime that works.
 */
async function tryRuntime(runtime: Runtime, place: string | undefined): Promise<string | undefined> {
  const directory = makeTemporaryDirectory('mille-probe-', place);
  try {
    for (const name of ['bundle', 'upper', 'work']) mkdirAt(CWD, `${directory}/${name}`, 0o700);
    await runContainer(
      runtime,
      {
        bundle: `${directory}/bundle`,
        lowerBase: directory,
        lowers: [],
        upper: `${directory}/upper`,
        work: `${directory}/work`,
        args: ['/mille-probe'],
        env: [],
        cwd: '/',
        user: { uid: 0, gid: 0 },
        network: 'host',
      },
      { onStdout: () => {}, onStderr: () => {} },
    );
    return 'an empty image ran a program';
  } catch (error) {
    if (!(error instanceof MilleError) || error.code === 'no-namespaces') throw error;
    return error.code === 'command-missing' ? undefined : error.message;
  } finally {
    removeTree(CWD, directory);
  }
}
