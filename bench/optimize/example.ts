// The small projects of examples/projects: what each needs, and a history made for it.

import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from './must-run.ts';

const EXAMPLES = join(import.meta.dir, '../../examples');
const PROJECTS = join(EXAMPLES, 'projects');

/** A base image, and the Debian packages it is made of. */
export interface ExampleBase {
  readonly name: string;
  readonly include: readonly string[];
}

/** Words of a file, and others in their place. */
interface Replacement {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A project, as its `example.json` describes it. */
export interface Example {
  readonly name: string;
  readonly directory: string;
  readonly bases: readonly ExampleBase[];
  /** `naive`: as people write it at first; `good`: nothing of weight is to be gained. */
  readonly kind: 'naive' | 'good';
  /** A source file, to which commits add a comment. */
  readonly source: string;
  /** How a comment begins in it; `#` or `//`. */
  readonly comment: string;
  /** What names dependencies, and another version of one of them: in all files that have it, locks too. */
  readonly manifest?: readonly Replacement[];
  /** What the file gets where packages of Python are to come from another index: `{}` stands for its address. */
  readonly index?: { readonly file: string; readonly text: string };
  /** A command that must end in containers of both images as it does in the original's. */
  readonly check?: string;
  /** The file that is optimised. */
  readonly dockerfile: string;
  /** The same by hand, by somebody who knows how: a file. */
  readonly hand?: string;
}

/** The tutorial's application, whose naive Dockerfile stands beside the good one. */
const FLASK_APP: Example = {
  name: 'flask-app',
  directory: join(EXAMPLES, 'flask-app'),
  bases: [{ name: 'python:3.11-slim', include: ['python3', 'python3-pip'] }],
  kind: 'naive',
  source: 'app.py',
  comment: '#',
  manifest: [{ file: 'requirements.txt', from: 'Flask==3.0.3', to: 'Flask==3.0.2' }],
  check: "python -c 'import app'",
  dockerfile: 'Dockerfile.naive',
  hand: 'Dockerfile',
};

/** All of them. */
export function readExamples(): readonly Example[] {
  const projects = readdirSync(PROJECTS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => readExample(name));
  return [FLASK_APP, ...projects].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readExample(name: string): Example {
  const directory = join(PROJECTS, name);
  const {
    base,
    bases = [],
    comment,
    ...rest
  } = JSON.parse(readFileSync(join(directory, 'example.json'), 'utf8'));
  const { manifest } = rest;
  const isByHand = existsSync(join(directory, 'Dockerfile.hand'));
  return {
    ...{ name, directory, bases: [base, ...bases], ...rest, dockerfile: 'Dockerfile' },
    comment: comment ?? (rest.source.endsWith('.js') ? '//' : '#'),
    ...(manifest && !Array.isArray(manifest) ? { manifest: [manifest] } : {}),
    ...(isByHand ? { hand: 'Dockerfile.hand' } : {}),
  } as Example;
}

/** What commits touch, in order: as often as commits of public projects do, roughly. */
const COMMITS = ['source', 'docs', 'source', 'manifest', 'source', 'docs'] as const;

/** How many commits come after the first. */
export const COMMITS_MADE = COMMITS.length;

/** Lays the project out as a repository with a history. @param index of packages of Python, where it is another one */
export async function makeRepository(example: Example, directory: string, index?: string): Promise<void> {
  cpSync(example.directory, directory, { recursive: true });
  for (const name of ['example.json', 'Dockerfile', example.dockerfile, example.hand])
    if (name !== undefined) rmSync(join(directory, name), { force: true });
  cpSync(join(example.directory, example.dockerfile), join(directory, 'Dockerfile'));
  if (index !== undefined && example.index)
    append(join(directory, example.index.file), example.index.text.replace('{}', index));
  const git = (...args: string[]) =>
    mustRun(['git', '-C', directory, '-c', 'user.name=n', '-c', 'user.email=e@example.com', ...args]);
  await git('init', '-q');
  await commit(git, 'begin');
  for (const [i, what] of COMMITS.entries()) {
    const kind = what === 'manifest' && !example.manifest ? 'source' : what;
    if (kind === 'docs') append(join(directory, 'README.md'), `\nMore, ${i}.\n`);
    else if (kind === 'source') append(join(directory, example.source), commentIn(example, i));
    else for (const one of example.manifest!) changeManifest(directory, one);
    await commit(git, `${kind} ${i}`);
  }
}

async function commit(git: (...args: string[]) => Promise<string>, subject: string): Promise<void> {
  await git('add', '-A');
  await git('commit', '-q', '-m', subject);
}

function append(path: string, text: string): void {
  writeFileSync(path, readFileSync(path, 'utf8') + text);
}

function commentIn({ comment }: Example, i: number): string {
  return comment === '<!-- -->' ? `<!-- change ${i} -->\n` : `${comment} change ${i}\n`;
}

function changeManifest(directory: string, { file, from, to }: Replacement): void {
  const path = join(directory, file);
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from)) throw new Error(`${path} does not hold ${from}`);
  writeFileSync(path, text.replace(from, to));
}
