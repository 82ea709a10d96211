// `mille optimize` of projects whose commits say what is to be copied first: what is large and seldom changes, manifests of
// a workspace, and what goes down with an argument. All of it built and proved, on busybox, so that nothing is fetched.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../../src/sys/index.ts';
import { findBusybox } from '../../src/testkit/index.ts';
import { busyboxBase } from '../support/base-images.ts';
import { command } from '../support/docker.ts';
import { commitAll, git } from '../support/git.ts';
import { type Mille, makePlace, mille, removePlace, writeTree } from '../support/mille.ts';

const ready = process.getuid?.() === 0 && findBusybox() !== undefined && findProgram('git') !== undefined;
if (!ready) console.warn('tests of rebuild rewrites skipped: they need root, busybox-static and git');

let place = '';
let program: Mille;

beforeAll(async () => {
  if (!ready) return;
  place = makePlace('rebuild');
  program = await mille(join(place, 'store'));
  const base = await busyboxBase();
  await program.must(['load', '-q', '-i', base!.path]);
  await program.must(['tag', base!.name, 'busybox']);
}, 120_000);

afterAll(() => removePlace(place));

interface Result {
  readonly proved: boolean;
  readonly changes: readonly { readonly rewrite: string; readonly outcome: string }[];
  readonly proof: { readonly same: boolean; readonly files: readonly unknown[] } | null;
  readonly replay?: { readonly commits: readonly { readonly [side: string]: { readonly bytes: number } }[] };
}

/** A repository: its first commit, and six that change files of it. */
function repository(
  name: string,
  files: Readonly<Record<string, string>>,
  changing: (i: number) => Readonly<Record<string, string>>,
): string {
  const directory = join(place, name);
  writeTree(directory, files);
  git(directory, 'init', '-q');
  for (let i = 0; i < 7; i++) commitAll(directory, `commit ${i}`, i > 0 ? changing(i) : {});
  return directory;
}

async function optimized(
  directory: string,
  args: readonly string[],
): Promise<{ result: Result; text: string }> {
  const result = JSON.parse(
    await program.must(['optimize', '-q', '--format', 'json', '--write', ...args, directory]),
  );
  return { result, text: readFileSync(join(directory, 'Dockerfile'), 'utf8') };
}

const NOISE = Buffer.from(Array.from({ length: 1_500_000 }, (_, i) => (i * 2_654_435_761) % 251)).toString(
  'latin1',
);

describe.skipIf(!ready)('split-copy', () => {
  test('what never changes is written and sent once, of the context and of a stage', async () => {
    const before = `# syntax=docker/dockerfile:1
FROM busybox AS build
WORKDIR /w
COPY fetch /w/
RUN sh fetch
COPY . .
FROM busybox
COPY . /app
COPY --from=build /w /w
`;
    const directory = repository(
      'split',
      {
        ...{ Dockerfile: before, fetch: 'mkdir -p deps && cp /bin/busybox deps/tool', 'a.txt': '0' },
        ...{ 'media/fonts/a.bin': NOISE, 'media/list': 'a', '.dockerignore': '.git\n' },
      },
      (i) => ({ 'a.txt': `${i}` }),
    );
    command(['chmod', '770', join(directory, 'media')]);
    const { result, text } = await optimized(directory, ['--only', 'split-copy', '--replay', '1']);
    expect(text).toBe(
      before
        .replace('COPY . /app\n', 'COPY media /app/media\nCOPY --exclude=media/* . /app\n')
        .replace(
          'COPY --from=build /w /w\n',
          'COPY --from=build /w/media /w/media\nCOPY --from=build /w/deps /w/deps\nCOPY --from=build --exclude=media/* --exclude=deps/* /w /w\n',
        ),
    );
    expect(result.changes.map(({ outcome }) => outcome)).toEqual(['proved', 'proved']);
    expect(result.proof).toMatchObject({ same: true, files: [] });
    for (const { before, after } of result.replay!.commits) {
      expect(before!.bytes).toBeGreaterThan(500_000);
      expect(after!.bytes).toBeLessThan(50_000);
    }
    expect((await optimized(directory, ['--only', 'split-copy'])).result.changes).toEqual([]);
  }, 120_000);
});
