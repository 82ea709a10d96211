import { describe, expect, test } from 'bun:test';
import { type EvidenceOptions, evidenceFor } from '../evidence-for.ts';
import { propose } from '../propose.ts';
import type { RewriteExample } from '../rewrite.ts';
import { lookAt } from '../subject.ts';
import { writtenOnce } from './written-once.ts';

const CONTEXT = { a: 10, b: 20, c: 30 };

/** The text after it, for a COPY in line 2 and another in line 4. */
function rewritten(
  run: string,
  options: EvidenceOptions = {},
  reads: readonly string[] | 'unwatched' = [],
): string {
  const before = `FROM x\nCOPY a /x/f\n${run}\nCOPY b /x/f\n`;
  const steps = reads === 'unwatched' ? {} : { 3: { reads } };
  const { draft, around } = evidenceFor({ before, after: '', context: CONTEXT, steps }, options);
  return propose(draft, around, { rewrites: [writtenOnce] }).draft.source.text;
}

describe('a COPY that is written over', () => {
  test('goes where nothing looks at it', () => {
    expect(rewritten('RUN true')).toBe('FROM x\nRUN true\nCOPY b /x/f\n');
    expect(rewritten('ENV A=1')).toBe('FROM x\nENV A=1\nCOPY b /x/f\n');
  });
  test.each([
    ['its content', 'RUN cat /x/f', {}, ['a']],
    ['its name among others', 'RUN ls /x', { listed: { 3: ['x'] } }, []],
    ['that nobody can tell', 'RUN true', {}, 'unwatched'],
    ['the place it is written to', 'RUN date >/x/f', { writes: { 3: { 'x/f': 'other' } } }, []],
    ['what a base built on it will do', 'ONBUILD RUN cat /x/f', {}, []],
  ] as const)('stays where something looks at it: %s', (_, run, options, reads) => {
    expect(rewritten(run, options, reads)).toContain('COPY a /x/f\n');
  });
  test('stays where it brings more, under names that words do not tell', () => {
    const before = 'FROM x\nCOPY . /x/\nCOPY b /x/a\n';
    const { draft, around } = evidenceFor({ before, after: '', context: CONTEXT });
    expect(propose(draft, around, { rewrites: [writtenOnce] }).applied).toEqual([]);
  });
  test('loses the words of which nothing is left, and is not asked for again', () => {
    const before = 'FROM x\nCOPY --chown=1 a ./b /x/\nCOPY c /x/b\n';
    const { draft, around } = evidenceFor({ before, after: '', context: CONTEXT });
    const { draft: after, applied } = propose(draft, around, { rewrites: [writtenOnce] });
    expect(after.source.text).toBe('FROM x\nCOPY --chown=1 a /x/\nCOPY c /x/b\n');
    expect(applied.map(({ proposal }) => proposal.title)).toEqual([
      'leave /x/b to the COPY that writes over it',
    ]);
  });
});

describe('what is left', () => {
  const told = (example: Partial<RewriteExample>) => {
    const { draft, around } = evidenceFor({ before: '', after: '', ...example });
    return writtenOnce.remarks!(lookAt(draft, around)).map(({ what }) => what);
  };
  const MB = 1_000_000;

  test('is told by bytes, with both lines', () => {
    const before =
      'FROM x\nCOPY big /opt/big\nRUN tar xf /opt/big && rm /opt/big\nCOPY big /srv/one\nCOPY big /srv/two\n';
    const steps = { 3: { layer: { 'opt/big': { type: 'whiteout' } as const, 'opt/out': 5 } } };
    expect(told({ before, context: { big: 2 * MB }, steps })).toEqual([
      '2MB by line 2 are hidden, as line 3 deletes them: /opt/big',
      '2MB are in the image twice, by line 4 and by line 5: /srv/two',
    ]);
  });
  test('deleted directories count with all that is below them, and once', () => {
    const before = 'FROM x\nRUN make\nRUN rm -r /src\nCOPY a /src/a\n';
    const steps = {
      2: { layer: { 'src/a/b': MB, 'src/c': 2 * MB, srcs: 9 * MB } },
      3: { layer: { src: { type: 'whiteout' } as const } },
    };
    expect(told({ before, context: { a: 3 * MB }, steps })).toEqual([
      '3MB by line 2 are hidden, as line 3 deletes them: 2 files below /src',
    ]);
  });
  test('is nothing where one command made it, and does not copy', () => {
    const digest = 'sha256:aa' as never;
    const layer = { 'a/x': { size: MB, digest }, 'b/x': { size: MB, digest } };
    expect(told({ before: 'FROM x\nRUN npm ci\n', steps: { 2: { layer } } })).toEqual([]);
    expect(told({ before: 'FROM x\nRUN cp -r a b\n', steps: { 2: { layer } } })).toEqual([
      '1MB are in the image twice: /b/x',
    ]);
  });
});
