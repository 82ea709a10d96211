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
}

/** The pieces. @param versions the text after each change; the last is what came of it */
export function hunksWith(original: string, versions: readonly Version[]): readonly ChangedHunk[] {
  const first = diffableLines(original);
  let current = first;
  let followed: readonly Followed[] = first.map((_, i) => ({ original: i, by: new Set<number>() }));
  /** By lines of the original: who took them away. */
  const removed = new Map<number, ReadonlySet<number>>();
  for (const { text, change } of versions) {
    const next = diffableLines(text);
    followed = follow(compareLines(current, next), { followed, change, removed });
    current = next;
  }
  const lines = compareLines(first, current);
  const owners = ownersOf(lines, { followed, removed });
  const shown = shownLines(lines.map(({ text }) => text));
  return hunksOf(lines).map(({ before, after, start, end }) => ({
    ...{ before, after },
    lines: lines.slice(start, end).map(({ sign }, i) => ({ sign, text: shown[start + i]! })),
    changes: [...new Set(owners.slice(start, end).flatMap((by) => [...by]))].sort((a, b) => a - b),
  }));
}

/** One version further. Lines that come in the place of others are also by those who had written these. */
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
  const next: Followed[] = [];
  let at = 0;
  let replaced = new Set<number>();
  for (const { sign } of lines) {
    if (sign === '+') {
      next.push({ by: new Set([...replaced, change]) });
      continue;
    }
    const line = followed[at++]!;
    if (sign === ' ') {
      next.push(line);
      replaced = new Set();
      continue;
    }
    if (line.original !== undefined) removed.set(line.original, new Set([change]));
    for (const one of line.by) replaced.add(one);
  }
  return next;
}

function ownersOf(
  lines: readonly DiffLine[],
  {
    followed,
    removed,
  }: {
    readonly followed: readonly Followed[];
    readonly removed: ReadonlyMap<number, ReadonlySet<number>>;
  },
): readonly ReadonlySet<number>[] {
  const nobody: ReadonlySet<number> = new Set();
  let [before, after] = [0, 0];
  return lines.map(({ sign }) => {
    const [old, now] = [before, after];
    if (sign !== '+') before++;
    if (sign !== '-') after++;
    if (sign === ' ') return nobody;
    return sign === '-' ? (removed.get(old) ?? nobody) : followed[now]!.by;
  });
}
