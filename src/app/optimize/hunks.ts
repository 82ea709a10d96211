// The difference of two texts in pieces, each with the changes that made it: followed line by line from the original
// through every version in between. Values that look secret are hidden: these lines are shown.

import { compareLines, type DiffLine, diffableLines, hunksOf } from '../../core/index.ts';
import { shownLines } from './shown-text.ts';
import type { ChangedHunk } from './types.ts';

/** A text as one of the changes left it. */
export interface Version {
  readonly text: string;
  /** The change's index in the result. */
  readonly change: number;
}

/** A line of a version in between: whether it is one of the original's, and who wrote it. */
interface Followed {
  readonly original?: number;
  readonly by: ReadonlySet<number>;
  /** Lines of the original in whose place it came: who takes it away takes these away. */
  readonly of: ReadonlySet<number>;
}

const NOBODY: ReadonlySet<number> = new Set();

/** The pieces. @param versions the text after each change; the last is what came of it */
export function hunksWith(original: string, versions: readonly Version[]): readonly ChangedHunk[] {
  const first = diffableLines(original);
  let current = first;
  let followed: readonly Followed[] = first.map((_, i) => ({ original: i, by: NOBODY, of: new Set([i]) }));
  /** By lines of the original: who took them away. */
  const removed = new Map<number, ReadonlySet<number>>();
  for (const { text, change } of versions) {
    const next = diffableLines(text);
    followed = follow(compareLines(current, next), { followed, change, removed });
    current = next;
  }
  const owned = composed({ before: first, after: current, followed, removed });
  const shown = shownLines(owned.map(({ text }) => text));
  return hunksOf(owned).map(({ before, after, start, end }) => ({
    ...{ before, after },
    lines: owned.slice(start, end).map(({ sign }, i) => ({ sign, text: shown[start + i]! })),
    changes: ownersOf(owned.slice(start, end)),
  }));
}

/** One version further. Lines that come in the place of others, or are others moved, are also by those who had written these. */
function follow(
  lines: readonly DiffLine[],
  {
    followed,
    change,
    removed,
  }: {
    readonly followed: readonly Followed[];
    readonly change: number;
    readonly removed: Map<number, ReadonlySet<number>>;
  },
): readonly Followed[] {
  const gone = new Map<string, Followed[]>();
  let at = 0;
  for (const { sign, text } of lines) {
    if (sign === '+') continue;
    const line = followed[at++]!;
    if (sign === '-') gone.set(text, [...(gone.get(text) ?? []), line]);
  }
  const next: Followed[] = [];
  let replaced: Followed[] = [];
  at = 0;
  for (const { sign, text } of lines) {
    if (sign === '+') {
      const moved = gone.get(text)?.shift();
      const all = moved ? [...replaced, moved] : replaced;
      next.push({
        by: new Set([...all.flatMap(({ by }) => [...by]), change]),
        of: new Set(all.flatMap(({ of }) => [...of])),
      });
      continue;
    }
    const line = followed[at++]!;
    if (sign === ' ') {
      next.push(line);
      replaced = [];
      continue;
    }
    for (const one of line.of) removed.set(one, new Set([...(removed.get(one) ?? []), change]));
    replaced.push(line);
  }
  return next;
}

/** A line of the difference, and who is to answer for it. */
interface OwnedLine extends DiffLine {
  readonly by: ReadonlySet<number>;
}

/**
 * The difference of the first text and the last. Lines that were followed from the one to the other stay; what lies
 * between them is compared anew, for it may be shorter than the way there, unless a change would be lost in that.
 */
function composed({
  before,
  after,
  followed,
  removed,
}: {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly followed: readonly Followed[];
  readonly removed: ReadonlyMap<number, ReadonlySet<number>>;
}): readonly OwnedLine[] {
  const lines: OwnedLine[] = [];
  let [at, now] = [0, 0];
  const between = (untilBefore: number, untilAfter: number): void => {
    const goes = before
      .slice(at, untilBefore)
      .map((text, i): OwnedLine => ({ sign: '-', text, by: removed.get(at + i) ?? NOBODY }));
    const comes = after
      .slice(now, untilAfter)
      .map((text, i): OwnedLine => ({ sign: '+', text, by: followed[now + i]!.by }));
    lines.push(...shortened(goes, comes));
    [at, now] = [untilBefore, untilAfter];
  };
  followed.forEach(({ original }, index) => {
    if (original === undefined) return;
    between(original, index);
    lines.push({ sign: ' ', text: before[original]!, by: NOBODY });
    [at, now] = [original + 1, index + 1];
  });
  between(before.length, after.length);
  return lines;
}

function shortened(goes: readonly OwnedLine[], comes: readonly OwnedLine[]): readonly OwnedLine[] {
  let [before, after] = [0, 0];
  const texts = (all: readonly OwnedLine[]) => all.map(({ text }) => text);
  const short = compareLines(texts(goes), texts(comes)).map(({ sign, text }): OwnedLine => {
    const [old, now] = [goes[before], comes[after]];
    if (sign !== '+') before++;
    if (sign !== '-') after++;
    return { sign, text, by: sign === ' ' ? NOBODY : sign === '-' ? old!.by : now!.by };
  });
  const all = [...goes, ...comes];
  const isBack = short.every(({ sign }) => sign === ' ');
  return isBack || ownersOf(short).length === ownersOf(all).length ? short : all;
}

function ownersOf(lines: readonly OwnedLine[]): readonly number[] {
  return [...new Set(lines.flatMap(({ by }) => [...by]))].sort((a, b) => a - b);
}
