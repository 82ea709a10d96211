import { describe, expect, test } from 'bun:test';
import type { Difference } from '../../build/cache/index.ts';
import { fileInput } from '../../build/graph/index.ts';
import { describeDifference } from './describe.ts';

const digest = (char: string) => `sha256:${char.repeat(64)}`;
const instruction = { before: 'RUN a', after: 'RUN a' };

/** What of a file differs between two of its states. */
function facts(before: object, after: object): readonly string[] {
  const value = (more: object) =>
    fileInput('f', { type: 'file', mode: 0o644, uid: 0, gid: 0, digest: digest('a'), ...more }).value;
  const difference: Difference = { kind: 'file', name: 'f', before: value(before), after: value(after) };
  const { facts = [] } = describeDifference(difference, { instruction });
  return facts.map(({ what, before: old, after: now }) =>
    old === undefined ? what : `${what} ${old} > ${now}`,
  );
}

describe('what of a file differs', () => {
  test.each([
    [{}, { digest: digest('b') }, ['content']],
    [{}, { mode: 0o755, uid: 7 }, ['mode 644 > 755', 'owner 0:0 > 7:0']],
    [{}, { digest: digest('b'), mode: 0o600 }, ['content', 'mode 644 > 600']],
    [{}, { type: 'dir', mode: 0o755 }, ['type file > dir', 'mode 644 > 755']],
    [{}, { xattrs: { 'user.a': 'eA==' } }, ['attributes']],
    [{}, { sameAs: 'g' }, ['hard link to nothing > g']],
    [{ type: 'symlink', link: 'a [["x"]]' }, { type: 'symlink', link: '"b"' }, ['link a [["x"]] > "b"']],
    [{ type: 'char', major: 1, minor: 3 }, { type: 'char', major: 1, minor: 5 }, ['device 1,3 > 1,5']],
  ])('%j → %j', (before, after, expected) => {
    expect(facts(before, after)).toEqual(expected);
  });
});

describe('values', () => {
  const values = (difference: Difference, more: Partial<typeof instruction> = {}) => {
    const { before, after, text } = describeDifference(difference, {
      instruction: { ...instruction, ...more },
    });
    return [before, after, text];
  };

  test('are shown where they are words of people', () => {
    expect(values({ kind: 'argument', name: 'V', before: '1', after: '2' })).toEqual([
      '1',
      '2',
      'build argument V: 1 → 2',
    ]);
    expect(values({ kind: 'option', name: 'chown', after: 'me' })).toEqual([
      undefined,
      'me',
      '--chown=me added',
    ]);
    expect(values({ kind: 'parent', name: '', before: 'x', after: 'y' }).slice(0, 2)).toEqual([
      undefined,
      undefined,
    ]);
    expect(values({ kind: 'parent', name: '', before: 'x' })[2]).toBe(
      'it no longer stands on the steps before it',
    );
  });

  test('are not where they may be secrets', () => {
    const hidden = `#${'0'.repeat(16)}`;
    expect(values({ kind: 'argument', name: 'API_TOKEN', before: 'x', after: 'y' })).toEqual([
      undefined,
      undefined,
      'build argument API_TOKEN changed',
    ]);
    expect(values({ kind: 'environment', name: 'A', before: hidden, after: 'y' })).toEqual([
      undefined,
      undefined,
      'environment A changed',
    ]);
  });

  test('of an instruction are its text, then and now', () => {
    const edit: Difference = { kind: 'instruction', name: 'RUN', before: '["a"]', after: '["b"]' };
    expect(values(edit, { after: 'RUN DB_PASSWORD=x b' })).toEqual([
      'RUN a',
      'RUN DB_PASSWORD=**** b',
      'instruction edited',
    ]);
    expect(values(edit).slice(0, 2)).toEqual([undefined, undefined]);
  });
});
