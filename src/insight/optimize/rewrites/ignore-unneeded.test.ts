import { describe, expect, test } from 'bun:test';
import { type EvidenceOptions, evidenceFor } from '../evidence-for.ts';
import { propose } from '../index.ts';
import type { RewriteExample } from '../rewrite.ts';
import { ignoreUnneeded } from './ignore-unneeded.ts';

const GIT = { '.git/HEAD': 20, '.git/objects/pack/a': 3_000_000 };
const CONTEXT = { 'app.py': 900, ...GIT };

function made(example: Omit<RewriteExample, 'after'>, untracked: readonly string[] = []) {
  const { draft, around } = evidenceFor({ ...example, after: '' });
  const context = around.evidence.context.map((file) => ({
    ...file,
    tracked: !untracked.includes(file.path),
  }));
  const known = { ...around, evidence: { ...around.evidence, context } };
  return propose(draft, known, { rewrites: [ignoreUnneeded] });
}

test('what a RUN was seen to read stays, and so does what one may read that was not watched', () => {
  const before = 'FROM a\nCOPY . /app\nRUN make\n';
  expect(
    made({ before, context: CONTEXT, steps: { 3: { reads: ['app.py', '.git/HEAD'] } } }).applied,
  ).toEqual([]);
  expect(made({ before, context: CONTEXT }).applied).toEqual([]);
  expect(made({ before, context: CONTEXT, steps: { 3: { reads: ['app.py'] } } }).draft.ignoreText).toBe(
    '.git\n',
  );
  const above = 'FROM a\nRUN make\nCOPY . /app\n';
  expect(made({ before: above, context: CONTEXT }).draft.ignoreText).toBe('.git\n');
  const later = 'FROM a AS b\nCOPY . /app\nFROM b\nRUN make\n';
  expect(made({ before: later, context: CONTEXT }).applied).toEqual([]);
});

test('an install that is known reads no .git, watched or not', () => {
  const before = 'FROM a\nWORKDIR /app\nCOPY . .\nRUN npm ci\n';
  expect(made({ before, context: CONTEXT }).draft.ignoreText).toBe('.git\n');
});

test('with what is large goes what is small and is touched by commits, though no step takes time', () => {
  const context = { ...CONTEXT, 'README.md': 100, Dockerfile: 90, '.editorconfig': 20 };
  const commits = [...Array.from({ length: 6 }, () => ['app.py']), ['README.md'], ['Dockerfile']];
  const steps = { 2: { layer: { 'app/.git/objects/pack/a': 3_000_000, 'app/README.md': 100 } } };
  const before = 'FROM a\nCOPY . /app\n';
  expect(made({ before, context, commits, steps }).draft.ignoreText).toBe('Dockerfile*\nREADME*\n.git\n');
  const { '.git/HEAD': _, '.git/objects/pack/a': __, ...small } = context;
  expect(made({ before, context: small, commits, steps: {} }).applied).toEqual([]);
});

test('what only gets another owner is not read', () => {
  const before = 'FROM a\nCOPY . /app\nRUN chown -R 5 /app\n';
  const reads = Object.keys(CONTEXT);
  expect(made({ before, context: CONTEXT, steps: { 3: { reads } } }).draft.ignoreText).toBe('.git\n');
  const built = before.replace('chown', 'make && chown');
  const layer = { 'app/.git/HEAD': 20, 'app/.git/objects/pack/a': 3_000_000 };
  expect(made({ before: built, context: CONTEXT, steps: { 3: { reads, layer } } }).draft.ignoreText).toBe(
    '.git\n',
  );
  expect(made({ before: built, context: CONTEXT, steps: { 3: { reads } } }).applied).toEqual([]);
});

test('documents in small letters are known by their ending: sources are called alike', () => {
  const context = { 'app.py': 900, 'readme.md': 900_000, 'security.py': 900_000, 'changelog.py': 900_000 };
  const layer = { 'app/readme.md': 900_000, 'app/security.py': 900_000, 'app/changelog.py': 900_000 };
  const before = 'FROM a\nCOPY . /app\n';
  expect(made({ before, context, steps: { 2: { layer } } }).draft.ignoreText).toBe('readme*\n');
});

test('what a COPY names stays', () => {
  const context = { ...CONTEXT, 'README.md': 900_000 };
  const named = 'FROM a\nCOPY . /app\nCOPY .git /app/.git\nCOPY README.* /\n';
  expect(made({ before: named, context }).applied).toEqual([]);
});

test('what no COPY takes is nobody’s matter', () => {
  expect(made({ before: 'FROM a\nCOPY app.py /\n', context: CONTEXT }).applied).toEqual([]);
});

test('where nothing is gained nothing is proposed', () => {
  const context = { 'app.py': 900, 'README.md': 100, Dockerfile: 90 };
  expect(made({ before: 'FROM a\nCOPY . /app\n', context, commits: [] }).applied).toEqual([]);
});

test('it may be missing where it lay, and where a COPY from that stage took it', () => {
  const before = 'FROM a AS build\nWORKDIR /src\nCOPY . .\nFROM a\nCOPY --from=build /src /app\n';
  const { applied } = made({
    before,
    context: CONTEXT,
    steps: { 5: { layer: { 'app/.git/objects/pack/a': 3_000_000 } } },
  });
  expect(applied.map(({ proposal }) => proposal.allows)).toEqual([
    [
      { what: 'files', change: 'removed', below: 'src/.git' },
      { what: 'files', change: 'removed', below: 'app/.git' },
    ],
  ]);
});

test('a directory that an install makes again goes where git does not know it, and only then', () => {
  const context = { 'a.js': 9, 'package.json': 9, 'node_modules/x/i.js': 900_000 };
  const before = 'FROM a\nWORKDIR /app\nCOPY . .\nRUN npm ci\n';
  const steps = { 4: { layer: { 'app/node_modules/x/i.js': 900_000 } } };
  expect(made({ before, context, steps }).applied).toEqual([]);
  const untracked = ['node_modules/x/i.js'];
  const { draft, applied } = made({ before, context, steps }, untracked);
  expect(draft.ignoreText).toBe('node_modules\n');
  expect(
    applied[0]!.proposal.allows.map(({ what, ...one }) => ('change' in one ? one.change : what)),
  ).toEqual(['removed', 'changed', 'added']);
  expect(made({ before: 'FROM a\nCOPY . /app\n', context }, untracked).applied).toEqual([]);
});

test('lines are added to what is there', () => {
  const before = 'FROM a\nCOPY . /app\n';
  expect(made({ before, context: CONTEXT, ignoreFile: '# ours\n*.log' }).draft.ignoreText).toBe(
    '# ours\n*.log\n.git\n',
  );
});

test('names in what Go compiled may be others: it makes them of all files beside the sources', () => {
  const layer = { 'root/.cache/go-build/00/00-d': 900, 'app/app': 9000 };
  const steps = { 3: { reads: ['app.py'], layer } };
  const { applied } = made({ before: 'FROM golang\nCOPY . /app\nRUN go build\n', context: CONTEXT, steps });
  const below = 'root/.cache/go-build';
  expect(applied.map(({ proposal }) => proposal.allows)).toEqual([
    [
      { what: 'files', change: 'removed', below: 'app/.git' },
      { what: 'files', change: 'removed', below, incidental: true },
      { what: 'files', change: 'added', below, incidental: true },
      { what: 'files', change: 'changed', below, incidental: true },
    ],
  ]);
});

describe('directories that no step looks at, in a stage that is only copied from', () => {
  const before = 'FROM a AS build\nWORKDIR /src\nCOPY . .\nRUN make\nFROM b\nCOPY --from=build /src/x /x\n';
  const context = { 'x.c': 9, 'tests/a.c': 9, 'charts/a.yaml': 9, 'other/b.c': 9, '.git/HEAD': 9 };
  const commits = [
    ['x.c'],
    ['tests/a.c'],
    ['charts/a.yaml'],
    ['other/b.c'],
    ['x.c', 'tests/a.c'],
    ['charts/a.yaml'],
  ];
  const steps = { 4: { seconds: 30, reads: ['x.c'] } };
  const lines = (given: Partial<RewriteExample>, options: EvidenceOptions = {}) => {
    const { draft, around } = evidenceFor({ before, context, commits, steps, after: '', ...given }, options);
    return propose(draft, around, { rewrites: [ignoreUnneeded] }).draft.ignoreText;
  };

  test('are left out, where they are no sources by another name', () => {
    expect(lines({})).toBe('.git\ntests\ncharts\n');
  });
  test('are not, where a step looked into one, or was not watched', () => {
    expect(lines({ steps: { 4: { seconds: 30, reads: ['x.c', 'tests/a.c'] } } })).toBe('.git\ncharts\n');
    expect(lines({}, { listed: { 4: ['src', 'src/tests'] } })).toBe('.git\ncharts\n');
    expect(lines({ steps: { 4: { seconds: 30 } } })).toBeUndefined();
  });
  test('are not, where they are in the image, or a COPY names them', () => {
    const image = { ...steps, 6: { layer: { 'x/tests/a.c': 9 } } };
    const whole = before.replace('/src/x /x', '/src /x');
    expect(lines({ before: whole, steps: image })).not.toContain('tests');
    expect(lines({ before: `${before}COPY charts /charts\n` })).toBe('.git\ntests\n');
  });
  test('are not, where nobody touches them', () => {
    expect(lines({ commits: [['x.c'], ['x.c'], ['x.c'], ['x.c'], ['x.c'], ['x.c']] })).toBeUndefined();
  });
});

test('where nothing was built, the context says how much would come into the image', () => {
  const text = 'FROM a\nCOPY . /app\nRUN npm ci\n';
  const { draft, around } = evidenceFor(
    { before: text, after: '', context: CONTEXT },
    { unbuilt: true, goal: 'size' },
  );
  const { applied } = propose(draft, around, { rewrites: [ignoreUnneeded] });
  expect(applied.map(({ proposal }) => proposal.claim.bytes)).toEqual([3_000_020]);
});

test('without a history all documents that may change by themselves are left out together', () => {
  const before = 'FROM a\nWORKDIR /app\nCOPY . .\nRUN npm ci\n';
  const context = { 'app.js': 900, 'package.json': 90, 'README.md': 300, '.github/workflows/ci.yml': 200 };
  const lines = (more: Readonly<Record<string, number>>) =>
    made({ before, context: { ...context, ...more }, steps: { 4: { seconds: 10 } } }).draft.ignoreText;
  expect(lines({})).toBe('.github\nREADME*\n');
  expect(lines({ 'docs/a.md': 10 })).toBeUndefined();
});
