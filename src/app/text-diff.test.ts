import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { diffTexts } from './text-diff.ts';

/** What `patch` makes of a text. */
function apply(before: string, lines: readonly string[]): string {
  const old = before.split('\n');
  const out: string[] = [];
  let at = 0;
  for (const line of lines) {
    const hunk = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@$/.exec(line);
    if (hunk) {
      const start = hunk[2] === '0' ? Number(hunk[1]) : Number(hunk[1]) - 1;
      while (at < start) out.push(old[at++]!);
    } else {
      if (line[0] !== '+') expect(old[at++]).toBe(line.slice(1));
      if (line[0] !== '-') out.push(line.slice(1));
    }
  }
  return [...out, ...old.slice(at)].join('\n');
}

const lines = fc.array(fc.constantFrom('a', 'b', 'c', '', 'dd'), { maxLength: 30 });
const text = lines.map((all) => all.map((line) => `${line}\n`).join(''));

describe('the difference of two texts', () => {
  test('makes the one of the other', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const diff = diffTexts(before, after)!;
        expect(apply(before, diff.lines)).toBe(after);
        if (before === after) expect(diff).toEqual({ lines: [], added: 0, removed: 0 });
      }),
    );
  });

  test('is as short as it can be', () => {
    fc.assert(
      fc.property(lines, lines, (a, b) => {
        const join = (all: readonly string[]) => all.map((line) => `${line}\n`).join('');
        const { added, removed } = diffTexts(join(a), join(b))!;
        expect(added + removed).toBe(a.length + b.length - 2 * longestCommon(a, b));
      }),
    );
  });

  test('has three lines around each change, and one hunk for changes that are near', () => {
    const before = Array.from({ length: 30 }, (_, i) => `${i + 1}\n`).join('');
    const after = before.replace('5\n', 'five\n').replace('8\n', '').replace('\n25\n', '\n25\nmore\n');
    expect(diffTexts(before, after)!.lines).toEqual([
      ...['@@ -2,10 +2,9 @@', ' 2', ' 3', ' 4', '-5', '+five', ' 6', ' 7', '-8', ' 9', ' 10', ' 11'],
      ...['@@ -23,6 +22,7 @@', ' 23', ' 24', ' 25', '+more', ' 26', ' 27', ' 28'],
    ]);
  });

  test('tells a last line without an end', () => {
    expect(diffTexts('a\nb', 'a\nb\n')!.lines).toEqual([
      '@@ -1,2 +1,2 @@',
      ' a',
      '-b',
      '\\ No newline at end of file',
      '+b',
    ]);
    expect(diffTexts('', 'a\n')!.lines).toEqual(['@@ -0,0 +1 @@', '+a']);
    expect(diffTexts('a\n', '')!.lines).toEqual(['@@ -1 +0,0 @@', '-a']);
  });

  test('is not looked for where next to everything differs', () => {
    const many = (word: string) => Array.from({ length: 2000 }, (_, i) => `${word} ${i}\n`).join('');
    expect(diffTexts(many('old'), many('new'))).toBeUndefined();
  });
});

function longestCommon(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const line of a) {
    const next = [0];
    for (const [j, other] of b.entries())
      next.push(line === other ? row[j]! + 1 : Math.max(next[j]!, row[j + 1]!));
    row = next;
  }
  return row[b.length]!;
}
