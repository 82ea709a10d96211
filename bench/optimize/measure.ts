// One project measured: what `mille optimize` makes of it, what a real Docker makes of that, and how it stands beside the
// Dockerfile that somebody wrote by hand.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Example, type ExampleBase, makeRepository } from './example.ts';
import type { Commit, Result } from './figures.ts';
import { type Builders, differencesInDocker } from './in-docker.ts';
import { mustRun } from './must-run.ts';
import { replayPair } from './replay-pair.ts';

const CHECKOUT = join(import.meta.dir, '../..');

/** What came of a project. */
export interface Measured {
  readonly result: Result;
  /** Paths at which Docker's image of the proposal is another; absent where nobody asked, or nothing is proposed. */
  readonly docker?: { readonly differences: readonly string[] } | { readonly failure: string };
  readonly hand?: ByHand;
}

/** The Dockerfile by hand. Its commits were built in turns with the proposal: `before` is that, `after` this. */
export interface ByHand {
  readonly bytes: number;
  readonly commits: readonly Commit[];
}

/** Where and how. */
export interface MeasureOptions {
  readonly store: string;
  readonly work: string;
  /** How many are replayed. */
  readonly commits: number;
  readonly ca?: string;
  /** Of packages of Python, where the usual one does not serve all that a package manager asks for. */
  readonly pythonIndex?: string;
  /** The words with which a client of Docker is called. */
  readonly docker?: readonly string[];
}

/** Measures. @throws Error with what a command said that failed */
export async function measure(example: Example, options: MeasureOptions): Promise<Measured> {
  const { store, work, commits, ca, docker, pythonIndex } = options;
  const mille = (args: readonly string[]) =>
    mustRun([join(CHECKOUT, 'mille'), ...args], { MILLE_ROOT: store });
  for (const base of example.bases) await ensureBase(mille, base);
  const repository = join(work, example.name);
  await makeRepository(example, repository, pythonIndex);
  const trust = ca === undefined ? [] : ['--ca', ca];
  const text = await mille([
    ...['optimize', '--quiet', '--format', 'json', '--replay', String(commits), ...trust],
    ...(example.check === undefined ? [] : ['--check', example.check]),
    repository,
  ]);
  const result = JSON.parse(text) as Result;
  const ignoreFile = join(repository, '.dockerignore');
  const originalIgnore = existsSync(ignoreFile) ? readFileSync(ignoreFile, 'utf8') : '';
  for (const { path, after } of result.files) writeFileSync(path, after);
  const proposal = readFileSync(join(repository, 'Dockerfile'), 'utf8');
  const builders: Builders | undefined =
    docker === undefined
      ? undefined
      : {
          ...{ docker, place: join(work, 'docker') },
          mille: (args) => mille(args[0] === 'build' ? ['build', ...trust, ...args.slice(1)] : args),
          ...(ca === undefined ? {} : { authorities: authoritiesOf(ca) }),
        };
  const inDocker =
    builders && result.files.length > 0
      ? await differencesInDocker(builders, {
          ...{ repository, dockerfile: 'Dockerfile', bases: example.bases.map(({ name }) => name) },
        }).then(
          (differences) => ({ differences }),
          (error: Error) => ({ failure: error.message }),
        )
      : undefined;
  // Its ignore file is that of the project, as it was.
  writeFileSync(ignoreFile, originalIgnore);
  const hand =
    example.hand === undefined
      ? undefined
      : await byHand(readFileSync(join(example.directory, example.hand), 'utf8'));
  rmSync(repository, { recursive: true, force: true });
  return { result, ...(inDocker ? { docker: inDocker } : {}), ...(hand ? { hand } : {}) };

  async function byHand(written: string): Promise<ByHand> {
    const path = join(work, 'Dockerfile.hand');
    const tag = `mille-bench-hand:${example.name}`;
    writeFileSync(path, written);
    await mille(['build', '--quiet', ...trust, '-f', path, '-t', tag, repository]);
    const [{ Size: bytes }] = JSON.parse(await mille(['inspect', tag])) as [{ Size: number }];
    const ignored = result.files.find(({ path: one }) => one === ignoreFile)?.after;
    const pair = {
      ...{ repository, before: proposal, after: written, commits },
      ...(ignored === undefined ? {} : { ignoreBefore: ignored }),
      ...(ca === undefined ? {} : { ca }),
    };
    return { bytes, commits: (await replayPair(pair, store)).commits };
  }
}

function authoritiesOf(ca: string): string {
  return ca === 'host' ? (process.env.SSL_CERT_FILE ?? '/etc/ssl/certs/ca-certificates.crt') : ca;
}

async function ensureBase(
  mille: (args: readonly string[]) => Promise<string>,
  { name, include }: ExampleBase,
): Promise<void> {
  if (await mille(['inspect', name]).catch(() => undefined)) return;
  const packages = include.length === 0 ? [] : ['--include', include.join(',')];
  await mille(['bootstrap', '--quiet', 'debian:bookworm', ...packages, '-t', name]);
}
