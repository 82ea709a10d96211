// What is moved up, and what is not: steps whose order matters though no line of the Dockerfile shows it.

import { expect, test } from 'bun:test';
import { type EvidenceOptions, evidenceFor } from '../evidence-for.ts';
import { propose } from '../index.ts';
import { reorder } from './reorder.ts';

const BEFORE = 'FROM base\nCOPY src /src\nRUN often\nRUN seldom\n';
const MOVED = 'FROM base\nRUN seldom\nCOPY src /src\nRUN often\n';

function reordered(options: EvidenceOptions = {}, { before = BEFORE, reads = [] as string[] } = {}): string {
  const { draft, around } = evidenceFor(
    {
      ...{ before, after: '', context: { 'src/a': 1, 'src/b': 1 } },
      steps: { 3: { seconds: 1, reads: ['src/a'] }, 4: { seconds: 20, reads } },
    },
    options,
  );
  return propose(draft, around, { rewrites: [reorder] }).draft.source.text;
}

test('what has nothing to do with what stands above it goes up', () => {
  expect(reordered()).toBe(MOVED);
  expect(reordered({ writes: { 3: { 'out/a': 'a' }, 4: { 'opt/b': 'b' } } })).toBe(MOVED);
});

test('below what it needs of the context it stays, where nothing is gained', () => {
  expect(reordered({}, { reads: ['src/b'] })).toBe(BEFORE);
});

const KEPT: readonly (readonly [string, EvidenceOptions])[] = [
  ['both add a user', { writes: { 3: { 'etc/passwd': 'one' }, 4: { 'etc/passwd': 'two' } } }],
  [
    'both set an alternative',
    { writes: { 3: { 'etc/alternatives/vi': 'a' }, 4: { 'etc/alternatives/vi': 'b' } } },
  ],
  [
    'one looks for a file that the other makes',
    { writes: { 3: { 'etc/init.d/x': 'x' } }, missing: { 4: ['etc/init.d/x'] } },
  ],
  [
    'one lists where the other writes',
    { writes: { 3: { 'etc/ld.so.conf.d/x.conf': 'x' } }, listed: { 4: ['etc/ld.so.conf.d'] } },
  ],
  [
    'the upper would find what the lower makes',
    { writes: { 4: { 'opt/x': 'x' } }, missing: { 3: ['opt/x'] } },
  ],
];
for (const [why, options] of KEPT)
  test(`the order is kept where ${why}`, () => {
    expect(reordered(options)).toBe(
      'FROM base\nRUN often\nRUN seldom\n'.replace('FROM base\n', 'FROM base\nCOPY src /src\n'),
    );
  });

test('nothing goes above what it may depend on', () => {
  for (const line of ['ENV A=1', 'ARG A', 'USER app', 'WORKDIR /x', 'SHELL ["/bin/sh", "-c"]']) {
    const before = `FROM base\nCOPY src /src\n${line}\nRUN seldom\n`;
    expect(reordered({}, { before })).toBe(before);
  }
  expect(reordered({}, { before: 'FROM base\nCOPY src /src\nLABEL a=b\nRUN seldom\n' })).toBe(
    'FROM base\nRUN seldom\nCOPY src /src\nLABEL a=b\n',
  );
});

test('what comes from another stage goes above the context, unless the two may meet', () => {
  const stage = 'FROM base AS made\nRUN seldom\n\nFROM base\nWORKDIR /app\n';
  const lines = (copied: string, layer: Readonly<Record<string, number>>, ignoreFile = '') => {
    const { draft, around } = evidenceFor({
      ignoreFile,
      before: `${stage}COPY src ${copied}\nRUN often\nCOPY --from=made /out /opt/out\nCMD ["x"]\n`,
      ...{ after: '', context: { 'src/a': 1 } },
      steps: { 7: { seconds: 1, reads: ['src/a'] }, 8: { seconds: 2, layer } },
    });
    const text = propose(draft, around, { rewrites: [reorder] }).draft.source.text;
    return text.slice(stage.length).split('\n').slice(0, 3);
  };
  const kept = (copied: string) => [`COPY src ${copied}`, 'RUN often', 'COPY --from=made /out /opt/out'];
  const moved = ['COPY --from=made /out /opt/out', 'COPY src ./src', 'RUN often'];
  expect(lines('./src', { 'opt/out/a': 9, 'opt/out/b': 9 })).toEqual(moved);
  // What the context will have there one day.
  expect(lines('/opt/', { 'opt/out/a': 9, 'opt/out/b': 9 })).toEqual(kept('/opt/'));
  expect(lines('/opt/out/src', { 'opt/out/a': 9, 'opt/out/b': 9 })).toEqual(kept('/opt/out/src'));
  const inOpt = ['COPY --from=made /out /opt/out', 'COPY src /opt/', 'RUN often'];
  expect(lines('/opt/', { 'opt/out/a': 9, 'opt/out/b': 9 }, 'src/out\n')).toEqual(inOpt);
  expect(lines('/opt/', { 'opt/out/a': 9, 'opt/b': 9 }, 'src/out\n')).toEqual(kept('/opt/'));
  // What the RUN between them reads.
  expect(lines('./src', { 'usr/bin/env': 9, 'usr/bin/b': 9 })).toEqual([
    'COPY src ./src',
    ...['RUN often', 'COPY --from=made /out /opt/out'],
  ]);
});
