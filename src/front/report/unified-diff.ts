// The difference of two texts, line by line, as `diff -u` writes it.

import { compareLines, type DiffHunk, type DiffLine, diffableLines, hunksOf } from '../../core/index.ts';
import { sanitizeLine } from './sanitize.ts';
import type { Style } from './style.ts';

/** The difference under two names; '' for the same texts. */
export function unifiedDiff(
  before: { readonly name: string; readonly text: string },
  after: { readonly name: string; readonly text: string },
  style: Style,
): string {
  const lines = compareLines(diffableLines(before.text), diffableLines(after.text));
  const hunks = hunksOf(lines);
  if (hunks.length === 0) return '';
  const body = hunks.flatMap((hunk) => [
    style.active(hunkHead(hunk)),
    ...hunkBody(lines.slice(hunk.start, hunk.end), style),
  ]);
  return `${[...diffHead(before.name, after.name, style), ...body].join('\n')}\n`;
}

/** The two lines that name the files. */
export function diffHead(before: string, after: string, style: Style): readonly string[] {
  return [style.strong(`--- ${sanitizeLine(before)}`), style.strong(`+++ ${sanitizeLine(after)}`)];
}

/** `@@ -1,4 +1,5 @@`. */
export function hunkHead({ before, after }: Pick<DiffHunk, 'before' | 'after'>): string {
  const range = ({ first, count }: DiffHunk['before']) => (count === 1 ? `${first}` : `${first},${count}`);
  return `@@ -${range(before)} +${range(after)} @@`;
}

/** Lines with their signs. */
export function hunkBody(lines: readonly DiffLine[], style: Style): readonly string[] {
  const paint = { ' ': (text: string) => text, '-': style.bad, '+': style.good };
  return lines.flatMap(({ sign, text }) => {
    const [line = '', ...rest] = text.split('\n');
    return [paint[sign](`${sign}${sanitizeLine(line)}`), ...rest];
  });
}
