// A case of the conformance suite is a folder in `cases/`:
//
//   Dockerfile        what is built (or what `args` names with -f)
//   base.Dockerfile   built first, where a case needs an image of its own; its name is `conformance/NAME:base`
//   base.tar          loaded instead, as `context.sh` makes it
//   context.sh        fills the context with what cannot lie in git: archives, links, odd modes, times
//   case.json         settings, see `Settings`
//   expected.json     what Docker made of it, written by `npm run conformance -- --record`
//   anything else     files of the context

import { cpSync, existsSync, lutimesSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../support/docker.ts';

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
  /** What is different on purpose, as docs/differences.md says. */
  readonly differs?: Difference;
}

/** A deliberate difference: what is left out of the comparison. */
export interface Difference {
  readonly reason: string;
  /** Paths of the file system. */
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

/** Copies a case, runs its script and gives its files a fixed time, but for those that the script dated itself. */
export function prepareCase(name: string, work: string): Case {
  const folder = join(CASES, name);
  const directory = join(work, name);
  cpSync(folder, directory, { recursive: true, verbatimSymlinks: true });
  const file = join(folder, 'case.json');
  const settings = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Settings) : {};
  if (existsSync(join(folder, 'context.sh'))) {
    const { status, stderr } = command(['bash', '-e', 'context.sh'], { cwd: directory });
    if (status !== 0) throw new Error(`${name}/context.sh ended with ${status}:\n${stderr}`);
  }
  for (const own of OWN_FILES) rmSync(join(directory, own), { force: true });
  const dating = ['find', '.', '-depth', '-newermt', '2024-01-01', '-exec'];
  const { status, stderr } = command([...dating, 'touch', '-h', '-d', `@${CONTEXT_TIME}`, '{}', '+'], {
    cwd: directory,
  });
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
  lutimesSync(directory, CONTEXT_TIME, CONTEXT_TIME);
  if (existsSync(join(directory, 'base.tar'))) return { name, settings, directory, base: 'archive' };
  const base = existsSync(join(folder, 'base.Dockerfile')) ? ({ base: 'dockerfile' } as const) : {};
  return { name, settings, directory, ...base };
}
