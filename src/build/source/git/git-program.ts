// Running git: with an environment made from nothing, so that neither the caller's variables (GIT_DIR of a hook, say)
// nor any configuration of the machine has a part in it, and with no way for a repository to run something.

import { MilleError } from '../../../core/index.ts';
import {
  closeFd,
  environment,
  findProgram,
  memoryFile,
  searchPath,
  signalNumber,
  signalProcess,
  spawn,
} from '../../../sys/index.ts';
import { COMMON_SETTINGS, type GitSetting, writeConfig } from './git-config.ts';

/** A run of git. */
export interface GitCall {
  readonly args: readonly string[];
  readonly gitDir?: string;
  readonly workTree?: string;
  /** The index to use in place of the repository's own. */
  readonly indexFile?: string;
  readonly cwd?: string;
  /** Configuration for this run, values that are secret among them: it is in memory only. */
  readonly config?: readonly GitSetting[];
  /** Further variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** Speak to a repository of this disk, and to nothing else. */
  readonly local?: boolean;
  /** Told each line that git says on standard error, those that overwrite one another too. */
  readonly onLine?: (line: string) => void;
  readonly signal: AbortSignal;
}

/** What a run of git left. */
export interface GitOutput {
  readonly status: number;
  readonly stdout: string;
  /** The last lines. */
  readonly stderr: string;
}

/** Protocols of a network. `ext::` would run a command, `file` read this machine's disk. */
const NETWORK_PROTOCOLS = 'https:http:ssh:git';

/** Characters of output that are kept. A list of refs of the largest repositories has some tens of megabytes. */
const MOST_OUTPUT = 256 * 1024 * 1024;
const MOST_ERRORS = 64 * 1024;

const PROXIES = ['http_proxy', 'https_proxy', 'no_proxy', 'all_proxy'].flatMap((name) => [
  name,
  name.toUpperCase(),
]);

/**
 * Runs git to its end, whatever its status.
 * @throws MilleError `tool-missing`, `interrupted`
 */
export async function runGit(call: GitCall): Promise<GitOutput> {
  const out = collector(MOST_OUTPUT);
  const errors = lineReader(call.onLine);
  const settings = writeConfig([...COMMON_SETTINGS, ...(call.config ?? [])]);
  const chain = await startOfGit();
  const config = memoryFile('git-config', new TextEncoder().encode(settings));
  let pid = 0;
  const stop = () => {
    // The whole group: helpers of git speak to the network, and outlive it for a while.
    if (pid > 0) signalProcess(-pid, signalNumber('SIGKILL'));
  };
  call.signal.addEventListener('abort', stop);
  try {
    const { status } = await spawn([...chain, ...optionsOf(call), ...call.args], {
      env: variablesOf(call),
      cwd: call.cwd ?? '/',
      detached: true,
      third: config,
      onStdout: out.add,
      onStderr: errors.add,
      onStart: (started) => {
        pid = started;
        if (call.signal.aborted) stop();
      },
    });
    if (call.signal.aborted) throw new MilleError('interrupted', 'the build was interrupted');
    return { status, stdout: out.text(), stderr: errors.text() };
  } finally {
    closeFd(config);
    call.signal.removeEventListener('abort', stop);
  }
}

/** Before 2.32 (2021) it does not read the file of settings that it is given, tokens among them. */
const OLDEST = [2, 32] as const;

let started: Promise<readonly string[]> | undefined;

/**
 * The command that git's own arguments come behind; found out once. With it git and its helpers end with this process
 * however that ends (a namespace of process ids dies with its first process), and modes are made as on any machine,
 * 644 and 755.
 * @throws MilleError `tool-missing`
 */
function startOfGit(): Promise<readonly string[]> {
  started ??= findStart();
  return started;
}

async function findStart(): Promise<readonly string[]> {
  const program = findProgram('git');
  if (program === undefined) throw needsGit('git, which fetches repositories, is not installed');
  const plain = ['/bin/sh', '-c', 'umask 022 && exec "$@"', 'sh', program];
  const [setpriv, unshare] = [findProgram('setpriv'), findProgram('unshare')];
  const leash = ['--pdeathsig', 'KILL', '--', unshare ?? '', '--pid', '--fork', '--kill-child=KILL', '--'];
  // Not everybody may make a namespace: then a helper that waits for a server may outlive a kill -9 for a while.
  const leashed = setpriv === undefined || unshare === undefined ? [] : [[setpriv, ...leash, ...plain]];
  for (const start of [...leashed, plain]) {
    const version = await versionOf(start);
    if (version === undefined) continue;
    const [major, minor] = version;
    if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return start;
    throw needsGit(`git ${major}.${minor} is too old to fetch repositories with`);
  }
  throw needsGit('git, which fetches repositories, does not run');
}

async function versionOf(start: readonly string[]): Promise<readonly [number, number] | undefined> {
  const out = collector(1000);
  const env = { PATH: searchPath(), LC_ALL: 'C' };
  const { status } = await spawn([...start, 'version'], { env, onStdout: out.add, onStderr: () => {} });
  const match = /^git version (\d+)\.(\d+)/.exec(out.text());
  return status === 0 && match ? [Number(match[1]), Number(match[2])] : undefined;
}

function needsGit(message: string): MilleError {
  return new MilleError('tool-missing', message, {
    hint: `install git ${OLDEST.join('.')} or later (on Debian and Ubuntu: apt install git)`,
  });
}

function optionsOf({ gitDir, workTree }: GitCall): string[] {
  return [
    ...(gitDir === undefined ? [] : [`--git-dir=${gitDir}`]),
    ...(workTree === undefined ? [] : [`--work-tree=${workTree}`]),
    '--literal-pathspecs',
  ];
}

function variablesOf(call: GitCall): Record<string, string> {
  const given = environment();
  const inherited = PROXIES.flatMap((name) => {
    const value = given[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/proc/self/fd/3',
    GIT_ALLOW_PROTOCOL: call.local ? 'file' : NETWORK_PROTOCOLS,
    GIT_TERMINAL_PROMPT: '0',
    GIT_ATTR_NOSYSTEM: '1',
    ...(call.indexFile === undefined ? {} : { GIT_INDEX_FILE: call.indexFile }),
    HOME: '/dev/null',
    // Git works inside of checkouts: nothing there is to be found as a program.
    PATH: searchPath()
      .split(':')
      .filter((directory) => directory.startsWith('/'))
      .join(':'),
    LC_ALL: 'C',
    ...call.env,
  };
}

function collector(most: number) {
  const chunks: Uint8Array[] = [];
  let size = 0;
  return {
    add: (chunk: Uint8Array) => {
      size += chunk.length;
      if (size <= most) chunks.push(chunk.slice());
    },
    text: () => {
      if (size > most) throw new MilleError('network', `git said more than ${most} bytes`);
      return Buffer.concat(chunks).toString();
    },
  };
}

function lineReader(onLine: ((line: string) => void) | undefined) {
  const decoder = new TextDecoder();
  let kept = '';
  let rest = '';
  return {
    add: (chunk: Uint8Array) => {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split(/[\r\n]+/);
      rest = parts.pop()!.slice(-MOST_ERRORS);
      for (const line of parts) {
        onLine?.(line);
        kept = `${kept}${line}\n`.slice(-MOST_ERRORS);
      }
    },
    text: () => (kept + rest).trim(),
  };
}
