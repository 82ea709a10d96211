// Two texts compared line by line, as `diff -u` shows them: the shortest way from one to the other (Myers), with a few
// lines around each change.

/** A difference of two texts. */
export interface TextDiff {
  /** Hunks in unified form, without the two lines that name the files. */
  readonly lines: readonly string[];
  readonly added: number;
  readonly removed: number;
}

/** Lines shown around a change. */
const AROUND = 3;

/** Changed lines beyond which the way is not looked for: what differs so much is replaced rather than changed. */
const MOST_CHANGES = 1000;

/** Compares two texts; undefined where they differ too much. */
export function diffTexts(before: string, after: string): TextDiff | undefined {
  const [a, b] = [before, after].map(splitLines) as [string[], string[]];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const middle = shortest(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  if (!middle) return undefined;
  const keep = (line: string): Edit => ({ sign: ' ', line });
  const edits = [...a.slice(0, head).map(keep), ...middle, ...a.slice(a.length - tail).map(keep)];
  const count = (sign: Edit['sign']) => middle.filter((edit) => edit.sign === sign).length;
  return { lines: hunks(edits), added: count('+'), removed: count('-') };
}

interface Edit {
  readonly sign: ' ' | '-' | '+';
  readonly line: string;
}

/** The mark that diff gives a last line without an end; a line of its own there, a part of the line here. */
const NO_END = '\\ No newline at end of file';

function splitLines(text: string): string[] {
  if (text === '') return [];
  const lines = text.split('\n');
  const last = lines.pop()!;
  return last === '' ? lines : [...lines, `${last}\n${NO_END}`];
}

/** The edits that make `b` of `a`, fewest changes first found; undefined beyond `MOST_CHANGES`. */
function shortest(a: readonly string[], b: readonly string[]): Edit[] | undefined {
  const most = Math.min(MOST_CHANGES, a.length + b.length);
  // furthest[k + most]: how far into `a` the paths of a number of changes come on the diagonal k.
  const furthest = new Int32Array(2 * most + 3);
  const history: Int32Array[] = [];
  for (let changes = 0; changes <= most; changes++) {
    history.push(furthest.slice());
    for (let k = -changes; k <= changes; k += 2) {
      let x = startOn(furthest, { k, changes, most });
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      furthest[k + most + 1] = x;
      if (x >= a.length && x - k >= b.length) return walkBack(a, b, { history, most });
    }
  }
  return undefined;
}

/** Where a path begins on a diagonal: one line of `b` added to the path above, or one of `a` left out of that below. */
function startOn(
  furthest: Int32Array,
  { k, changes, most }: { readonly k: number; readonly changes: number; readonly most: number },
): number {
  const above = furthest[k + most + 2]!;
  const below = furthest[k + most]!;
  if (changes === 0) return 0;
  return k === -changes || (k !== changes && below < above) ? above : below + 1;
}

function walkBack(
  a: readonly string[],
  b: readonly string[],
  { history, most }: { readonly history: readonly Int32Array[]; readonly most: number },
): Edit[] {
  const edits: Edit[] = [];
  let x = a.length;
  let y = b.length;
  for (let changes = history.length - 1; changes > 0; changes--) {
    const furthest = history[changes]!;
    const k = x - y;
    const added = k === -changes || (k !== changes && furthest[k + most]! < furthest[k + most + 2]!);
    const from = added ? k + 1 : k - 1;
    const fromX = furthest[from + most + 1]!;
    const startX = added ? fromX : fromX + 1;
    for (; x > startX; x--, y--) edits.push({ sign: ' ', line: a[x - 1]! });
    edits.push(added ? { sign: '+', line: b[y - 1]! } : { sign: '-', line: a[x - 1]! });
    if (added) y--;
    else x--;
  }
  for (; x > 0; x--) edits.push({ sign: ' ', line: a[x - 1]! });
  return edits.reverse();
}

function hunks(edits: readonly Edit[]): string[] {
  const lines: string[] = [];
  let [oldLine, newLine] = [1, 1];
  for (let at = 0; at < edits.length; ) {
    const next = edits.findIndex(({ sign }, i) => i >= at && sign !== ' ');
    if (next < 0) break;
    const start = Math.max(at, next - AROUND);
    oldLine += start - at;
    newLine += start - at;
    const end = endOf(edits, next);
    const hunk = edits.slice(start, end);
    const [old, now] = [
      hunk.filter(({ sign }) => sign !== '+').length,
      hunk.filter(({ sign }) => sign !== '-').length,
    ];
    lines.push(`@@ -${range(oldLine, old)} +${range(newLine, now)} @@`);
    lines.push(...hunk.flatMap(({ sign, line }) => `${sign}${line}`.split('\n')));
    oldLine += old;
    newLine += now;
    at = end;
  }
  return lines;
}

/** Where the hunk of a change ends: changes that are near belong to it. */
function endOf(edits: readonly Edit[], change: number): number {
  let last = change;
  for (let i = change; i < edits.length && i - last <= 2 * AROUND; i++) if (edits[i]!.sign !== ' ') last = i;
  return Math.min(edits.length, last + AROUND + 1);
}

function range(start: number, count: number): string {
  if (count === 0) return `${start - 1},0`;
  return count === 1 ? String(start) : `${start},${count}`;
}
