// How far an argument goes down, what goes with it, and before what it stops.

import { expect, test } from 'bun:test';
import { evidenceFor } from '../evidence-for.ts';
import { propose } from '../index.ts';
import { lateArguments } from './late-arguments.ts';

/** The lines below FROM, of a stage that ends with an install and a COPY. */
function lowered(head: string, tail = ''): string {
  const before = `FROM base\n${head}RUN apt-get update && apt-get install -y curl\nCOPY . .\n${tail}`;
  const steps = Object.fromEntries(
    before.split('\n').map((line, i) => [i + 1, line.startsWith('RUN') ? { seconds: 20 } : {}]),
  );
  const { draft, around } = evidenceFor({ before, after: '', context: { 'a.js': 9, 'b.md': 9 }, steps });
  return propose(draft, around, { rewrites: [lateArguments] }).draft.source.text.replace('FROM base\n', '');
}

const INSTALL = 'RUN apt-get update && apt-get install -y curl\nCOPY . .\n';

test.each([
  ['ARG GIT_SHA\n', 'ARG GIT_SHA\n'],
  ['ARG GIT_SHA\nARG BUILD_DATE=now\n', 'ARG GIT_SHA\nARG BUILD_DATE=now\n'],
  ['# of the commit\nARG COMMIT\n', '# of the commit\nARG COMMIT\n'],
  [
    'ARG GITHUB_SHA\nENV A=${GITHUB_SHA}-x\nENV B=$A\nLABEL rev=$B\n',
    'ARG GITHUB_SHA\nENV A=${GITHUB_SHA}-x\nENV B=$A\nLABEL rev=$B\n',
  ],
])('%j goes to the end', (head, end) => {
  expect(lowered(head)).toBe(`${INSTALL}${end}`);
});

test('what has nothing to do with it stays, and what runs in containers is no obstacle', () => {
  expect(lowered('ARG REVISION\nENV APP_MODE=1\nENV SHOWN=$REVISION\nCMD echo $SHOWN\n')).toBe(
    `ENV APP_MODE=1\nCMD echo $SHOWN\n${INSTALL}ARG REVISION\nENV SHOWN=$REVISION\n`,
  );
});

test('what uses it is the line above which it stops, and what stands there already stays', () => {
  expect(lowered('ARG GIT_SHA\n', 'LABEL a=b\nENV V=$GIT_SHA\nRUN ./build --version $V\n')).toBe(
    `${INSTALL}LABEL a=b\nARG GIT_SHA\nENV V=$GIT_SHA\nRUN ./build --version $V\n`,
  );
});

test.each([
  // By the name a package manager may know it.
  'ARG GIT_SHA\nENV NPM_CONFIG_TAG=$GIT_SHA\n',
  // What is made of it is also made of what would then stand above it.
  'ARG GIT_SHA\nENV V=$GIT_SHA-$TAG\nENV TAG=2\n',
  'ARG GIT_SHA\nRUN make\n',
  'ARG GIT_SHA\nONBUILD RUN make\n',
  'ARG GIT_SHA\nWORKDIR /srv/$GIT_SHA\n',
  // Does not change with a commit.
  'ARG NODE_ENV\nENV NODE_ENV=$NODE_ENV\n',
  'ARG CACHEBUST\n',
])('%j stays', (head) => {
  expect(lowered(head)).toBe(`${head}${INSTALL}`);
});
