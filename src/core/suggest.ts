// "Did you mean": how far words are from one another, and the nearest of those that would have been right.

const LONGEST = 100;

/** Insertions, deletions, replacements and swaps of neighbours between two words; infinite for very long ones. */
export function editDistance(a: string, b: string): number {
  if (a.length > LONGEST || b.length > LONGEST) return Number.POSITIVE_INFINITY;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(previous[j - 1]! + (same ? 0 : 1), previous[j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, before[j - 2]! + 1);
      }
      row.push(cost);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length]!;
}

/**
 * The option nearest to `text` but not equal to it; undefined where none is within `limit` edits (2 by default).
 */
export function suggest(text: string, options: readonly string[], limit = 2): string | undefined {
  let best: { readonly option: string; readonly distance: number } | undefined;
  for (const option of options) {
    if (Math.abs(text.length - option.length) > limit) continue;
    const distance = editDistance(text, option);
    if (distance > 0 && distance <= limit && (!best || distance < best.distance)) best = { option, distance };
  }
  return best?.option;
}
