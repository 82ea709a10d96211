// "Did you mean": the nearest of the words that would have been right. (`lang/dockerfile` has its own: rooms of the
// language and of the front don't know each other.)

/** The option nearest to `text`, at most a third of its letters (and never more than 3) away. */
export function nearest(text: string, options: readonly string[]): string | undefined {
  const limit = Math.min(3, Math.max(1, Math.floor(text.length / 3)));
  let best: { readonly option: string; readonly distance: number } | undefined;
  for (const option of options) {
    const distance = editDistance(text, option);
    if (distance <= limit && (!best || distance < best.distance)) best = { option, distance };
  }
  return best?.option;
}

/** Insertions, deletions, replacements and swaps of neighbours between two words. */
export function editDistance(a: string, b: string): number {
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
