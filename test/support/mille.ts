// The program with a store of its own, in directories made for a test file and removed at its end. Each command
// runs in a process of its own, but in files that say `repeatsCommands()`. It is started without the script `mille`, which
// looks through all sources each time (that has tests of its own). As a plain user it runs from a copy, since a checkout
// below /root is not theirs to read.

import { afterAll } from 'bun:test';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { probeRuntime } from '../../src/build/sandbox/index.ts';
import { loadArchive, openStore } from '../../src/oci/store/index.ts';
import { asUser, placeProgram, type TestUser } from '../../src/testkit/index.ts';
import { busyboxBase } from './base-images.ts';
import { command } from './docker.ts';
import { askResident } from './residents.ts';

const CHECKOUT = join(import.meta.dir, '../..');
const COMPILED = join(CHECKOUT, 'dist/cli/mille');

/** What a run of the program left. */
export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface MilleOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: Uint8Array;
}

/** A store, and the program that works on it. */
export interface Mille {
  readonly root: string;
  /** The command line in front of the verb, and its environment: for tests that start and kill it themselves. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Runs a verb, whatever comes of it. */
  run(args: readonly string[], options?: MilleOptions): Promise<Outcome>;
  /** Runs a verb that must succeed. @returns what it wrote on standard output */
  must(args: readonly string[], options?: MilleOptions): Promise<string>;
  /** Builds; must succeed. */
  build(args: readonly string[], options?: MilleOptions): Promise<Built>;
  /** What the store finds wrong with itself. */
  verify(): Promise<string[]>;
}

/** What a build said. */
export interface Built {
  readonly imageId: string;
  readonly output: string;
  /** By step title, `[2/4] COPY a b`, without the brackets: what the build said about it, a line each. */
  readonly steps: ReadonlyMap<string, readonly string[]>;
  /** Titles of the steps that were not found in the cache. */
  readonly ran: readonly string[];
}

/** The program run from its sources by this Bun, without the script in front of it. */
export const DIRECTLY: readonly string[] = [
  process.execPath,
  ...['--no-env-file', '--config=/dev/null', `--tsconfig-override=${CHECKOUT}/tsconfig.json`, '--no-install'],
  join(CHECKOUT, 'src/front/cli/main.ts'),
];

/**
 * Variables for the runtime: garbage grows as far as the script `mille` lets it, and code is compiled to that of the
 * machine later, which for small builds takes more time than it gives (an eighth of all CPU time).
 */
export const RUNTIME = {
  BUN_JSC_forceRAMSize: '2147483648',
  BUN_JSC_thresholdForJITAfterWarmUp: '5000',
};

/** A fresh directory that anyone can enter. */
export function makePlace(name: string): string {
  const place = mkdtempSync(join(tmpdir(), `mille-${name}-`));
  chmodSync(place, 0o755);
  return place;
}

export function removePlace(place: string): void {
  if (place !== '') rmSync(place, { recursive: true, force: true });
}

/**
 * The program on the store `root`, which holds `busybox` at once when `base` is not false.
 * @param options.user runs it as this user, from the copy in `options.program` (see `programFor`)
 */
export async function mille(
  root: string,
  options: { base?: boolean; user?: TestUser; program?: readonly string[] } = {},
): Promise<Mille> {
  const own = options.program ?? programAlone();
  const full = options.user ? asUser(options.user, own) : own;
  const env = {
    ...RUNTIME,
    MILLE_ROOT: root,
    MILLE_OFFLINE: 'registries',
    MILLE_CA: undefined,
    SOURCE_DATE_EPOCH: undefined,
    NO_COLOR: '1',
  };
  const ordinary = options.program === undefined && options.user === undefined;
  const run = async (args: readonly string[], given: MilleOptions = {}): Promise<Outcome> => {
    if (ordinary && isRepeated(args, given)) {
      const place = { cwd: given.cwd ?? dirname(root), env: { ...process.env, ...env, ...given.env } };
      const answer = await askResident({ args, ...place });
      if (answer) return answer;
    }
    const child = Bun.spawn([...full, ...args], {
      cwd: given.cwd ?? dirname(root),
      env: { ...process.env, ...env, ...given.env },
      stdin: given.stdin ?? 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
    });
    const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    const status = await child.exited;
    return { status, stdout, stderr };
  };
  const must = async (args: readonly string[], given?: MilleOptions): Promise<string> => {
    const { status, stdout, stderr } = await run(args, given);
    if (status !== 0) throw new Error(`mille ${args.join(' ')} ended with ${status}:\n${stderr}`);
    return stdout;
  };
  const self: Mille = {
    root,
    command: full,
    env,
    run,
    must,
    build: async (args, given) => {
      const outcome = await run(['build', '--progress', 'plain', ...args], given);
      if (outcome.status !== 0)
        throw new Error(`mille build ${args.join(' ')} ended with ${outcome.status}:\n${outcome.stderr}`);
      return readBuild(outcome.stderr);
    },
    verify: () => (options.user ? verifyAs(options.user, dirname(root), root) : verifyStore(root)),
  };
  if (options.base !== false) {
    const archive = await busyboxBase();
    // Here where it can be, in a fifth of the time that a process takes.
    if (archive && !options.user && process.getuid?.() === 0) await loadInto(root, archive.path);
    else if (archive) await must(['load', '-q', '-i', archive.path]);
  }
  return self;
}

/** Verbs that ran in processes of their own; undefined where all do. */
let started: Set<string> | undefined;

/**
 * For test files that give many commands: each verb runs in a process of its own the first time, more of the same goes
 * to a process that stays (`residents.ts`) and takes less time. Not for files that look at how long
 * something takes, or at what is left of a process.
 */
export function repeatsCommands(): void {
  started = new Set();
  // The next file that this process tests is asked anew.
  afterAll(() => {
    started = undefined;
  });
}

/** Whether a command is one more of a verb that has run, and has nothing but what a process that stays can be given. */
function isRepeated([verb = '']: readonly string[], { env = {}, stdin }: MilleOptions): boolean {
  const known = started?.has(verb) ?? false;
  started?.add(verb);
  return known && stdin === undefined && Object.keys(env).every((name) => ASKED_FOR.has(name));
}

/** Variables that a command looks up when it wants them, as opposed to what is read when a process starts. */
const ASKED_FOR = new Set([
  ...['SOURCE_DATE_EPOCH', 'MILLE_OFFLINE', 'MILLE_HUB_URL', 'MILLE_MAX_STORE'],
  ...['HOME', 'XDG_CONFIG_HOME', 'DOCKER_CONFIG'],
]);

/** Reads the plain progress of a build. */
export function readBuild(output: string): Built {
  const steps = new Map<string, string[]>();
  const names = new Map<string, string>();
  const ran: string[] = [];
  for (const line of output.split('\n')) {
    const match = /^#(\d+) (.*)$/.exec(line);
    if (!match) continue;
    const [, id = '', text = ''] = match;
    const title = /^\[.*?\d+\/\d+\] (.*)$/.exec(text)?.[1];
    if (title !== undefined) {
      // Where steps run at once, the head comes again before each part of what is said.
      if (!names.has(id)) steps.set(title, []);
      names.set(id, title);
      continue;
    }
    const name = names.get(id);
    if (name === undefined) continue;
    steps.get(name)?.push(text);
    if (/^runs (because|for the first time)|^runs: /.test(text)) ran.push(name);
  }
  const imageId = /^image (sha256:[0-9a-f]{64})$/m.exec(output)?.[1] ?? '';
  return { imageId, output, steps, ran };
}

/** A copy of the program that plain users can run, in a directory they can read. */
export function programFor(place: string): readonly string[] {
  const made = join(place, 'program/mille');
  if (existsSync(made)) return [made];
  mkdirSync(dirname(made), { recursive: true });
  if (isCompiled()) linkOrCopy(COMPILED, made);
  else {
    const { status, stderr } = command(['node', 'scripts/bundle.mjs', '--outfile', made], { cwd: CHECKOUT });
    if (status !== 0) throw new Error(`the program cannot be compiled:\n${stderr}`);
  }
  return [made];
}

/** A hundred megabytes: a second name costs nothing, where the file system is the same. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

/** The program without the script in front of it: compiled where that is of these sources, which starts sooner. */
export function programAlone(): readonly string[] {
  return isCompiled() ? [COMPILED] : DIRECTLY;
}

/** Whether what `npm ci` compiled is of these sources, as the script finds out; asked once for a test file. */
function isCompiled(): boolean {
  const newer = ['find', join(CHECKOUT, 'src'), '-newer', COMPILED, '-print', '-quit'];
  compiled ??= existsSync(COMPILED) && command(newer).stdout.length === 0;
  return compiled;
}

let compiled: boolean | undefined;

/** What was found out about the runtime, for all stores of this process: a trial takes as long as half a build. */
const runtimes = new Map<string, string>();

async function loadInto(root: string, archive: string): Promise<void> {
  const store = openStore(root, { privilege: 'root' });
  try {
    await loadArchive(store, archive);
    await probeRuntime({ memory: runtimes }).catch(() => undefined);
    for (const [key, value] of runtimes) store.setValue(key, value);
  } finally {
    store.close();
  }
}

/** The store checked against itself. */
export async function verifyStore(root: string): Promise<string[]> {
  const store = openStore(root, { privilege: 'root' });
  try {
    return await store.verify();
  } finally {
    store.close();
  }
}

/** The same by the user who owns the store, with a program put into `place`. */
async function verifyAs(user: TestUser, place: string, root: string): Promise<string[]> {
  const program = await placeProgram(join(import.meta.dir, 'verify-store.ts'), place);
  const { status, stdout, stderr } = command([...asUser(user, program), root]);
  if (status !== 0) throw new Error(`the store could not be checked: ${stderr}`);
  return JSON.parse(stdout.toString());
}

/** Writes files below a directory: text, or `{ link }` for a symbolic link. */
export function writeTree(
  directory: string,
  files: Readonly<Record<string, string | { readonly link: string }>>,
  owner?: { readonly uid: number; readonly gid: number },
): void {
  mkdirSync(directory, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    if (typeof content === 'string') writeFileSync(path, content);
    else symlinkSync(content.link, path);
  }
  if (owner) chownSync(directory, owner.uid, owner.gid);
}
