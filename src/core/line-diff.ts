// Two texts compared line by line: which lines stay, go and come, and the pieces in which they do.

/** Lines around a change that belong to its piece. */
const CONTEXT = 3;

/** Changed lines for which the shortest difference is looked for; with more of them all are replaced. */
const MOST_CHANGES = 2000;

/** A line that stays, goes or comes. */
export interface DiffLine {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** Changed lines near one another, with those around them. */
export interface DiffHunk {
  /** Its first line in either text, from 1; 0 before the first one, where it has none of that text. */
  readonly before: { readonly first: number; readonly count: number };
  readonly after: { readonly first: number; readonly count: number };
  /** `[start, end)` of the lines compared. */
  readonly start: number;
  readonly end: number;
}

/** Lines without their ends; a last one without an end is marked. */
export function diffableLines(text: string): readonly string[] {
  if (text === '') return [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') return lines.slice(0, -1);
  const last = lines.length - 1;
  return lines.map((line, index) => (index === last ? `${line}\n\\ No newline at end of file` : line));
}

/** The lines of both texts, those that go before those that come. */
export function compareLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
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

/** The pieces in which lines differ. */
export function hunksOf(lines: readonly DiffLine[]): readonly DiffHunk[] {
  const hunks: [number, number][] = [];
  lines.forEach(({ sign }, index) => {
    if (sign === ' ') return;
    const start = Math.max(0, index - CONTEXT);
    const end = Math.min(lines.length, index + CONTEXT + 1);
    const last = hunks.at(-1);
    if (last && start <= last[1]) last[1] = end;
    else hunks.push([start, end]);
  });
  const range = ([start, end]: readonly [number, number], without: DiffLine['sign']) => {
    const among = (from: number, to: number) =>
      lines.slice(from, to).filter(({ sign }) => sign !== without).length;
    const count = among(start, end);
    return { first: among(0, start) + (count === 0 ? 0 : 1), count };
  };
  return hunks.map((hunk) => ({
    ...{ before: range(hunk, '+'), after: range(hunk, '-') },
    ...{ start: hunk[0], end: hunk[1] },
  }));
}
