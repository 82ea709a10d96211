// Two Dockerfiles of one repository over its last commits, by the replay of `mille optimize`: what was proposed, and what
// somebody wrote by hand. A process of its own, for it works in the store of MILLE_ROOT: JSON in its arguments, JSON out.

import { join } from 'node:path';
import { replay } from '../../src/app/optimize/replay.ts';
import type { Replay } from '../../src/app/optimize/types.ts';
import type { BuildOptions } from '../../src/app/types.ts';
import type { Draft, Evidence } from '../../src/insight/optimize/index.ts';
import { mustRun } from './must-run.ts';

/** What to build. */
export interface ReplayPair {
  readonly repository: string;
  /** Texts of Dockerfiles. */
  readonly before: string;
  readonly after: string;
  /** Of the Dockerfile of `before`, where it is another than the repository's. */
  readonly ignoreBefore?: string;
  readonly commits: number;
  readonly ca?: string;
}

/** Replays both in the store of a directory. */
export async function replayPair(pair: ReplayPair, store: string): Promise<Replay> {
  const text = await mustRun([process.execPath, import.meta.path, JSON.stringify(pair)], {
    MILLE_ROOT: store,
  });
  return JSON.parse(text) as Replay;
}

async function main({ repository, before, after, ignoreBefore, commits, ca }: ReplayPair): Promise<void> {
  const ignorePath = join(repository, '.dockerignore');
  const ignoreText = await Bun.file(ignorePath)
    .text()
    .catch(() => undefined);
  const draft = (text: string, ignore: string | undefined): Draft => ({
    source: { name: 'Dockerfile', text },
    ...(ignore === undefined ? {} : { ignoreText: ignore }),
    known: new Map(),
  });
  const options: BuildOptions = {
    ...{ context: repository, tags: [], buildArgs: {}, noCache: false, network: 'default', labels: {} },
    ...{ platforms: [], outputs: [], reproducible: false, secrets: [] },
    ...(ca === undefined ? {} : { ca }),
  };
  const done = await replay({
    ...{ directory: repository, own: ['Dockerfile', '.dockerignore'], commits, options },
    before: draft(before, ignoreBefore ?? ignoreText),
    after: draft(after, ignoreText),
    evidence: { steps: [], noise: new Set(), context: [] } as unknown as Evidence,
    events: () => {},
    making: { signal: new AbortController().signal, made: new Set(), spaces: new Set() },
  });
  if (typeof done === 'string') throw new Error(done);
  console.log(JSON.stringify(done));
}

if (import.meta.main) await main(JSON.parse(process.argv[2]!) as ReplayPair);
