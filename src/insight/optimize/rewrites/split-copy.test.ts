// What is split and what stays one COPY.

import { expect, test } from 'bun:test';
import { evidenceFor } from '../evidence-for.ts';
import { propose } from '../index.ts';
import type { RewriteExample } from '../rewrite.ts';
import { splitCopy } from './split-copy.ts';

const CONTEXT = {
  'a.js': 900,
  'web/index.html': 900,
  'web/media/a.mp4': 5_000_000,
  'web/media/b.mp4': 5_000_000,
};
const COMMITS = Array.from({ length: 12 }, (_, i) => (i % 2 ? ['a.js'] : ['web/index.html']));

function split(
  lines: string,
  given: Partial<RewriteExample> = {},
  untracked: readonly string[] = [],
): string {
  const before = `# syntax=docker/dockerfile:1.19\nFROM base\n${lines}`;
  const { draft, around } = evidenceFor({
    ...{ before, after: '', context: CONTEXT, commits: COMMITS },
    ...given,
  });
  const context = around.evidence.context.map((file) => ({
    ...file,
    tracked: !untracked.includes(file.path),
  }));
  const seen = { ...around, evidence: { ...around.evidence, context } };
  return propose(draft, seen, { rewrites: [splitCopy] }).draft.source.text.replace(/^#.*\nFROM base\n/, '');
}

test.each([
  ['COPY . /srv\n', 'COPY web/media /srv/web/media\nCOPY --exclude=web/media/* . /srv\n'],
  ['WORKDIR /srv\nCOPY . .\n', 'WORKDIR /srv\nCOPY web/media ./web/media\nCOPY --exclude=web/media/* . .\n'],
  [
    'COPY --chown=1:1 web/ /srv/\n',
    'COPY --chown=1:1 web/media /srv/media\nCOPY --chown=1:1 --exclude=media/* web/ /srv/\n',
  ],
  ['copy web /srv', 'copy web/media /srv/media\ncopy --exclude=media/* web /srv'],
])('%j', (before, after) => {
  expect(split(before)).toBe(after);
});

test('a large file by itself, and one that was touched once', () => {
  const context = { 'a.js': 900, 'model.bin': 5_000_000 };
  const commits = [...Array.from({ length: 9 }, () => ['a.js']), ['model.bin']];
  expect(split('COPY . /srv\n', { context, commits })).toBe(
    'COPY model.bin /srv/model.bin\nCOPY --exclude=model.bin . /srv\n',
  );
});

const ALONE: readonly (readonly [string, string, Partial<RewriteExample>?, string[]?])[] = [
  ['nobody knows how often it changes', 'COPY . /srv\n', { commits: [] }],
  [
    'few commits say so',
    'COPY . /srv\n',
    { commits: [...COMMITS.slice(0, 3), ...Array.from({ length: 9 }, () => ['x'])] },
  ],
  [
    'it changes as often',
    'COPY . /srv\n',
    { commits: COMMITS.map(() => ['a.js', 'web/media/a.mp4', 'web/media/b.mp4']) },
  ],
  ['it is small', 'COPY . /srv\n', { context: { ...CONTEXT, 'web/media/a.mp4': 90, 'web/media/b.mp4': 90 } }],
  [
    'few commits would be spared any of it',
    'COPY web /srv\n',
    {
      context: { ...CONTEXT, 'web/media/b.mp4': 90 },
      commits: Array.from({ length: 120 }, (_, i) => [i % 20 ? 'a.js' : 'web/index.html']),
    },
  ],
  ['git does not know it', 'COPY . /srv\n', {}, ['web/media/a.mp4', 'web/media/b.mp4']],
  ['nothing else is copied', 'COPY web/media /srv\n'],
  ['it leaves something out already', 'COPY --exclude=a.js . /srv\n'],
  ['it is written as JSON', 'COPY [".", "/srv"]\n'],
  ['it has several sources', 'COPY a.js web /srv/\n'],
  ['it is in no layer of the image', 'COPY . /srv\nFROM base\nCOPY --from=0 /x /x\n'],
];
for (const [why, lines, given, untracked] of ALONE)
  test(`one COPY where ${why}`, () => {
    expect(split(lines, given, untracked)).toBe(lines);
  });

test('an older frontend does not know --exclude', () => {
  const before = '# syntax=docker/dockerfile:1.18\nFROM base\nCOPY . /srv\n';
  expect(split('', { before })).toBe('COPY . /srv\n');
});
