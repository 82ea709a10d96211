// The difference of two texts, line by line, as `diff -u` writes it.

import { sanitizeLine } from './sanitize.ts';
import type { Style } from './style.ts';

/** Lines around a change that are shown. */
const CONTEXT = 3;

/** Changed lines for which the shortest difference is looked for; with more of them all are replaced. */
const MOST_CHANGES = 2000;

/** A line that stays, goes or comes. */
interface DiffLine {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** The difference under two names; '' for the same texts. */
export function unifiedDiff(
  before: { readonly name: string; readonly text: string },
  after: { readonly name: string; readonly text: string },
  style: Style,
): string {
  const lines = compareLines(linesOf(before.text), linesOf(after.text));
  const hunks = hunksOf(lines);
  if (hunks.length === 0) return '';
  const head = [
    style.strong(`--- ${sanitizeLine(before.name)}`),
    style.strong(`+++ ${sanitizeLine(after.name)}`),
  ];
  return `${[...head, ...hunks.flatMap((hunk) => hunkLines(lines, hunk, style))].join('\n')}\n`;
}

/** Lines without their ends; a last one without an end is marked. */
function linesOf(text: string): readonly string[] {
  if (text === '') return [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') return lines.slice(0, -1);
  const last = lines.length - 1;
  return lines.map((line, index) => (index === last ? `${line}\n\\ No newline at end of file` : line));
}

function compareLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const middle = shortest(before.slice(head, before.length - tail), after.slice(head, after.length - tail));
  const same = (text: string): DiffLine => ({ sign: ' ', text });
  return [...before.slice(0, head).map(same), ...middle, ...before.slice(before.length - tail).map(same)];
}

/** The shortest difference (Myers, 1986). */
function shortest(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const steps: Map<number, number>[] = [];
  let ends = new Map([[1, 0]]);
  const limit = Math.min(before.length + after.length, MOST_CHANGES);
  for (let changes = 0; changes <= limit; changes++) {
    steps.push(new Map(ends));
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      let at = nextEnd(ends, diagonal, changes);
      while (at < before.length && at - diagonal < after.length && before[at] === after[at - diagonal]) at++;
      ends = ends.set(diagonal, at);
      if (at >= before.length && at - diagonal >= after.length) return trace(before, after, steps);
    }
  }
  return [
    ...before.map((text): DiffLine => ({ sign: '-', text })),
    ...after.map((text): DiffLine => ({ sign: '+', text })),
  ];
}

function nextEnd(ends: ReadonlyMap<number, number>, diagonal: number, changes: number): number {
  const down = ends.get(diagonal + 1) ?? -1;
  const right = ends.get(diagonal - 1) ?? -1;
  return diagonal === -changes || (diagonal !== changes && right < down) ? down : right + 1;
}

function trace(
  before: readonly string[],
  after: readonly string[],
  steps: readonly ReadonlyMap<number, number>[],
): readonly DiffLine[] {
  const lines: DiffLine[] = [];
  let x = before.length;
  let y = after.length;
  for (let changes = steps.length - 1; changes >= 0; changes--) {
    const ends = steps[changes] as ReadonlyMap<number, number>;
    const diagonal = x - y;
    const down =
      diagonal === -changes ||
      (diagonal !== changes && (ends.get(diagonal - 1) ?? -1) < (ends.get(diagonal + 1) ?? -1));
    const previous = down ? diagonal + 1 : diagonal - 1;
    const startX = ends.get(previous) ?? 0;
    const startY = startX - previous;
    while (x > startX && y > startY && x > 0 && y > 0) {
      lines.push({ sign: ' ', text: before[--x] as string });
      y--;
    }
    if (changes === 0) break;
    if (down) lines.push({ sign: '+', text: after[--y] as string });
    else lines.push({ sign: '-', text: before[--x] as string });
  }
  return lines.reverse();
}

/** `[start, end)` of the lines. */
type Hunk = readonly [number, number];

function hunksOf(lines: readonly DiffLine[]): readonly Hunk[] {
  const hunks: [number, number][] = [];
  lines.forEach(({ sign }, index) => {
    if (sign === ' ') return;
    const start = Math.max(0, index - CONTEXT);
    const end = Math.min(lines.length, index + CONTEXT + 1);
    const last = hunks.at(-1);
    if (last && start <= last[1]) last[1] = end;
    else hunks.push([start, end]);
  });
  return hunks;
}

function hunkLines(lines: readonly DiffLine[], [start, end]: Hunk, style: Style): readonly string[] {
  const count = (from: number, to: number, without: string) =>
    lines.slice(from, to).filter(({ sign }) => sign !== without).length;
  const range = (without: string) => {
    const length = count(start, end, without);
    const first = count(0, start, without) + (length === 0 ? 0 : 1);
    return length === 1 ? `${first}` : `${first},${length}`;
  };
  const paint = { ' ': (text: string) => text, '-': style.bad, '+': style.good };
  return [
    style.active(`@@ -${range('+')} +${range('-')} @@`),
    ...lines.slice(start, end).flatMap(({ sign, text }) => {
      const [line = '', ...rest] = text.split('\n');
      return [paint[sign](`${sign}${sanitizeLine(line)}`), ...rest];
    }),
  ];
}
