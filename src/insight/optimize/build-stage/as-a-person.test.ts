// What comes of a whole Dockerfile that is divided in two, when all rewrites have been asked: the last stage as somebody who
// knows how would write it.

import { expect, test } from 'bun:test';
import { evidenceFor } from '../evidence-for.ts';
import { propose, REWRITES } from '../index.ts';
import type { ExamplePackage, RewriteExample } from '../rewrite.ts';

const MB = 1_000_000;
const LISTS = { 'var/lib/apt/lists/mirror.example_main_Packages.lz4': 19 * MB };
const FILES = (path: string, bytes = MB) => ({ files: { [path]: bytes } });
const SCRIPT = { kind: 'script', libraries: [], runpath: [] } as const;

/** `git` recommends `less` and `patch`; `build-essential` brings `patch` too, and `gcc`, which recommends `libc6-dev`. */
const packages = (line: number): Readonly<Record<string, ExamplePackage>> => ({
  git: { line, control: 'Depends: libcurl3\nRecommends: less, patch', ...FILES('usr/bin/git', 30 * MB) },
  libcurl3: { line, automatic: true, ...FILES('usr/lib/libcurl.so.3') },
  less: { line, automatic: true, ...FILES('usr/bin/less') },
  patch: { line, automatic: true, ...FILES('usr/bin/patch') },
  'build-essential': { line, control: 'Depends: gcc, patch', ...FILES('usr/share/build-essential/list') },
  gcc: { line, automatic: true, control: 'Recommends: libc6-dev', ...FILES('usr/bin/gcc', 90 * MB) },
  'libc6-dev': { line, automatic: true, control: 'Section: libdevel', ...FILES('usr/lib/libc.a', 9 * MB) },
});

function written(example: Omit<RewriteExample, 'after'>) {
  const { draft, around } = evidenceFor({ ...example, after: '' });
  const { draft: made, applied } = propose(draft, around, { rewrites: REWRITES });
  return { text: made.source.text, applied };
}

const PYTHON = {
  before: [
    ...['FROM python:3.11-slim', 'MAINTAINER Ada', 'COPY . /app', 'WORKDIR /app'],
    ...['RUN apt-get update && apt-get install -y git build-essential'],
    ...['RUN pip install --no-cache-dir -r requirements.txt', 'ENV PORT=8000', 'CMD ["/app/start"]', ''],
  ].join('\n'),
  context: { start: 100, 'requirements.txt': 20 },
  steps: {
    5: { seconds: 20, reads: [], layer: LISTS },
    6: {
      ...{ seconds: 9, reads: ['requirements.txt'] },
      layer: {
        'usr/local/lib/python3.11/site-packages': { type: 'dir', mode: 0o755 },
        'usr/local/lib/python3.11/site-packages/a.so': 9 * MB,
      },
    },
  },
  commits: Array.from({ length: 9 }, () => ['start']),
  packages: packages(5),
  programs: { 'app/start': SCRIPT },
} as const;

test('what the last stage installs goes above the sources, without lists and recommendations, and so does what was built', () => {
  const { text, applied } = written(PYTHON);
  expect(text).toBe(
    [
      ...['FROM python:3.11-slim AS build', 'WORKDIR /app'],
      ...['RUN apt-get update && apt-get install -y git build-essential', 'COPY requirements.txt /app/'],
      ...['RUN pip install --no-cache-dir -r requirements.txt', ''],
      ...['FROM python:3.11-slim', 'LABEL org.opencontainers.image.authors="Ada"', 'WORKDIR /app'],
      'RUN apt-get update && apt-get install --no-install-recommends -y git && rm -rf /var/lib/apt/lists/*',
      'COPY --from=build /usr/local/lib/python3.11/site-packages /usr/local/lib/python3.11/site-packages',
      ...['COPY . /app', 'ENV PORT=8000', 'CMD ["/app/start"]', ''],
    ].join('\n'),
  );
  const stage = applied.find(({ rewrite }) => rewrite.name === 'build-stage')?.proposal;
  expect(stage?.allows.find(({ what }) => what === 'packages')).toEqual({
    what: 'packages',
    removed: ['build-essential', 'gcc', 'libc6-dev'],
  });
  const bytesOf = (name: string) =>
    applied.find(({ rewrite }) => rewrite.name === name)?.proposal.claim.bytes;
  // What the RUN of the last stage leaves is not gained by the stage, but by who cleans up.
  expect(bytesOf('build-stage')).toBe(MB + 90 * MB + 9 * MB + 3 * 9);
  expect(bytesOf('clean-apt')).toBe(19 * MB);
  expect(bytesOf('no-install-recommends')).toBe(2 * MB);
});

test('packages in a RUN of their own are installed in both, and their lists stay in neither image nor claim', () => {
  const before = [
    ...['FROM debian', 'RUN apt-get update && apt-get install -y libpq5', 'RUN apt-get install -y gcc'],
    ...['RUN make', 'CMD ["/app/start"]', ''],
  ].join('\n');
  const { text, applied } = written({
    before,
    steps: {
      2: { seconds: 9, reads: [], layer: LISTS },
      3: { seconds: 9, reads: [] },
      4: { reads: [], layer: { 'app/start': { size: 9, mode: 0o755 } } },
    },
    packages: {
      libpq5: { line: 2, ...FILES('usr/lib/libpq.so.5') },
      gcc: { line: 3, ...FILES('usr/bin/gcc', 90 * MB) },
    },
    programs: { 'app/start': { kind: 'elf', libraries: ['libpq.so.5'], runpath: [] } },
  });
  expect(text.split('\n\n')[1]).toBe(
    [
      'FROM debian',
      'RUN apt-get update && apt-get install -y libpq5 && rm -rf /var/lib/apt/lists/*',
      ...['COPY --from=build /app/start /app/', 'CMD ["/app/start"]', ''],
    ].join('\n'),
  );
  expect(
    applied.map(({ rewrite, proposal: { claim, title } }) => [rewrite.name, title, claim.bytes]),
  ).toEqual([
    ['build-stage', 'copy what is built into a last stage without gcc', 90 * MB + 9],
    [
      'clean-apt',
      'append && rm -rf /var/lib/apt/lists/* in apt-get update && apt-get install -y libpq5',
      19 * MB,
    ],
  ]);
});
