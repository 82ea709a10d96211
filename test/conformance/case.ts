// A case of the conformance suite is a folder in `cases/`:
//
//   Dockerfile        what is built (or what `args` names with -f)
//   base.Dockerfile   built first, where a case needs an image of its own; its name is `conformance/NAME:base`
//   base.tar          loaded instead, as `context.sh` makes it
//   context.sh        fills the context with what cannot lie in git: archives (`make_tar.py`), links, odd modes, times
//   case.json         settings, see `Settings`
//   served/           files for the web server, see `server.ts`; `served.json` says how they are answered with
//   expected.json     what Docker made of it, written by `npm run conformance -- --record`
//   anything else     files of the context

import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  lutimesSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { command } from '../support/docker.ts';
import { ANSWERS, SERVED, type Server } from './server.ts';

/** What `case.json` may say. */
export interface Settings {
  /** Flags for both builders, such as `--build-arg`. */
  readonly args?: readonly string[];
  /** The same for building `base.Dockerfile`. */
  readonly baseArgs?: readonly string[];
  /** Variables for both builders. */
  readonly env?: Readonly<Record<string, string>>;
  /** The context, relative to the folder: `.` by default, `-` for standard input. */
  readonly context?: string;
  /** A file of the folder that becomes standard input. */
  readonly stdin?: string;
  /** The build must fail, and mille's message must hold this text. */
  readonly fails?: string;
  /** The first Docker that knows what the case is about; an older one is not asked, what a newer one gave counts. */
  readonly since?: number;
  /** What is different on purpose, as docs/differences.md says. */
  readonly differs?: Difference;
}

/** A deliberate difference: what is left out of the comparison. */
export interface Difference {
  readonly reason: string;
  /** Paths of the file system; `/dir/*` is everything below `/dir`. */
  readonly paths?: readonly string[];
  /** Fields of the container's config. */
  readonly config?: readonly string[];
  /** Entries of the history. */
  readonly history?: boolean;
  /** Docker builds what is refused here (with `fails`), or the reverse. */
  readonly outcome?: boolean;
}

/** A case, made ready to be built. */
export interface Case {
  readonly name: string;
  readonly settings: Settings;
  /** Absolute path of the copy to build in. */
  readonly directory: string;
  /** What its own base image is made of, if it has one. */
  readonly base?: 'dockerfile' | 'archive';
  /** Address of its server, if it has one. */
  readonly server?: string;
}

/** Where cases are prepared, and the server that has what they serve. */
export interface Workshop {
  readonly work: string;
  readonly server: Server;
}

/** Files of a case that are not its context's. */
const OWN_FILES = ['case.json', 'expected.json', 'context.sh'];

/** What files of a context are dated to: so that a copied time is told from a new one. */
const CONTEXT_TIME = 1_600_000_000;

/** The folder of all cases. */
export const CASES = join(import.meta.dir, 'cases');

/** Names of all cases. */
export function caseNames(): string[] {
  return readdirSync(CASES).sort();
}

/** So that scripts find `make_tar.py`, and leave nothing beside it. */
const PYTHON = { PYTHONPATH: import.meta.dir, PYTHONDONTWRITEBYTECODE: '1' };

/** Copies a case, runs its script and gives its files a fixed time, but for those that the script dated itself. */
export function prepareCase(name: string, { work, server }: Workshop): Case {
  const folder = join(CASES, name);
  // BuildKit sends what changed since a context of the same name was sent last, by size and time: none has.
  const directory = join(work, `${name}.${basename(work).slice(-6)}`);
  cpSync(folder, directory, { recursive: true, verbatimSymlinks: true });
  for (const path of treeOf(directory)) settle(path);
  const file = join(folder, 'case.json');
  const settings = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Settings) : {};
  if (existsSync(join(folder, 'context.sh')))
    must(name, ['bash', '-c', 'umask 022; exec bash -e context.sh'], { cwd: directory, env: PYTHON });
  const served = [SERVED, ANSWERS].filter((own) => existsSync(join(directory, own)));
  for (const own of served) renameSync(join(directory, own), join(work, `${name}.${own}`));
  for (const own of OWN_FILES) rmSync(join(directory, own), { force: true });
  if (existsSync(join(folder, 'context.sh'))) {
    const dating = ['find', '.', '-depth', '-newermt', '2024-01-01', '-exec'];
    must(name, [...dating, 'touch', '-h', '-d', `@${CONTEXT_TIME}`, '{}', '+'], { cwd: directory });
  } else for (const path of treeOf(directory)) lutimesSync(path, CONTEXT_TIME, CONTEXT_TIME);
  lutimesSync(directory, CONTEXT_TIME, CONTEXT_TIME);
  const base = baseOf(folder, directory);
  return {
    ...{ name, settings, directory },
    ...(base === undefined ? {} : { base }),
    ...(served.length > 0 ? { server: server.address(name) } : {}),
  };
}

/** A directory and all that is in it. */
function treeOf(directory: string): string[] {
  return [
    directory,
    ...readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((path) => join(directory, path)),
  ];
}

/** What a checkout makes of modes is up to the umask of whoever made it. */
function settle(path: string): void {
  const stat = lstatSync(path);
  if (!stat.isSymbolicLink()) chmodSync(path, stat.isDirectory() || stat.mode & 0o111 ? 0o755 : 0o644);
}

function baseOf(folder: string, directory: string): Case['base'] {
  if (existsSync(join(directory, 'base.tar'))) return 'archive';
  return existsSync(join(folder, 'base.Dockerfile')) ? 'dockerfile' : undefined;
}

function must(name: string, args: readonly string[], options: Parameters<typeof command>[1] = {}): void {
  const { status, stderr } = command(args, options);
  if (status !== 0) throw new Error(`${name}: ${args.join(' ')} ended with ${status}:\n${stderr}`);
}
