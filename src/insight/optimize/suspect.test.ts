import { expect, test } from 'bun:test';
import { evidenceFor } from './evidence-for.ts';
import { propose, REWRITES, suspectOf } from './index.ts';
import type { RefusedNames } from './suspect.ts';

const BEFORE = `FROM node
WORKDIR /app
COPY . .
RUN npm ci
RUN tool > /out.txt
ENV MODE=a
CMD node src/a.js
`;

const { draft, around } = evidenceFor({
  ...{ before: BEFORE, after: '', commits: [['src/a.js'], ['src/a.js'], ['README.md']] },
  context: { 'package.json': 90, 'package-lock.json': 9000, 'src/a.js': 900, 'README.md': 90, '.git/x': 9 },
  steps: {
    4: { seconds: 40, reads: ['package.json', 'package-lock.json'], layer: { 'app/node_modules/x/x.js': 9 } },
    5: { seconds: 1, reads: ['src/a.js'], layer: { 'out.txt': 3 } },
  },
});
const { applied, draft: after } = propose(draft, around, { rewrites: REWRITES });

const blamed = (names: Partial<RefusedNames>) => {
  const one = suspectOf(applied, { files: [], config: [], ...names });
  return one && `${one.rewrite.name}: ${one.proposal.title}`;
};
const gone = (path: string) => ({ path, kind: 'removed' }) as const;

test('the only change that leaves a path out is to blame for its absence', () => {
  expect(blamed({ files: [gone('app/README.md')] })).toBe(
    'ignore-unneeded: leave out README*: documents about the project',
  );
  expect(blamed({ failure: 'COPY README.md: "/README.md" is not in the context' })).toContain('README*');
});

test('the only one that edits the step which wrote a path, and the only one that writes a word of the config', () => {
  expect(blamed({ files: [{ path: 'app/node_modules/x/x.js', kind: 'changed' }] })).toContain('npm ci');
  expect(blamed({ config: ['Cmd'] })).toContain('exec-form');
});

test('the only one that wrote the instruction that fails, or moved it', () => {
  const failedAt = after.source.text.indexOf('npm ci');
  expect(blamed({ failure: 'exit status 1', failedAt })).toContain('npm ci');
  expect(
    blamed({ failure: 'exit status 1', failedAt: after.source.text.indexOf('RUN tool') }),
  ).toBeUndefined();
});

test('nobody is, where nobody or several are spoken of', () => {
  expect(blamed({ files: [gone('etc/passwd')] })).toBeUndefined();
  expect(blamed({ files: [gone('app/README.md'), gone('app/.git/x')] })).toBeUndefined();
  expect(blamed({})).toBeUndefined();
});
