// Figures of one project, from what `mille optimize --format json` says.

/** What of the result is read here. */
export interface Result {
  readonly changes: readonly { readonly rewrite: string; readonly outcome: string }[];
  /** Nothing differs but what may. */
  readonly proved: boolean;
  readonly before: { readonly bytes: number; readonly seconds: number } | null;
  readonly after: { readonly bytes: number; readonly seconds: number } | null;
  readonly replay: {
    readonly commits: readonly Commit[];
    readonly failed: readonly unknown[];
  } | null;
  readonly files: readonly { readonly path: string; readonly after: string }[];
}

/** A commit, built with both. */
export interface Commit {
  readonly stratum: string;
  readonly before: { readonly seconds: number };
  readonly after: { readonly seconds: number };
  readonly limit?: number;
}

/** Seconds of commits of one kind. */
export interface Pair {
  readonly before: number;
  readonly after: number;
}

/** The middle of what commits of a kind took, each side by itself; undefined where there are none. */
export function medianOf(all: readonly Commit[], stratum: string): Pair | undefined {
  const commits = all.filter((one) => one.stratum === stratum);
  if (commits.length === 0) return undefined;
  const middle = (side: 'before' | 'after') => median(commits.map((one) => one[side].seconds));
  return { before: middle('before'), after: middle('after') };
}

/** A smaller share of what commits take is not told from how builds differ by themselves. */
const LEAST_POSSIBLE = 0.2;

/**
 * How much of what could be gained was gained, over all commits; undefined where the least is not known, or there is
 * next to nothing to be gained. Not more than all: the least is made of other runs than these.
 */
export function fractionOf(commits: readonly Commit[]): number | undefined {
  if (commits.length === 0 || commits.some(({ limit }) => limit === undefined)) return undefined;
  const sum = (of: (one: Commit) => number) => commits.reduce((total, one) => total + of(one), 0);
  const before = sum((one) => one.before.seconds);
  const possible = before - sum((one) => one.limit!);
  return possible > before * LEAST_POSSIBLE
    ? Math.min(1, (before - sum((one) => one.after.seconds)) / possible)
    : undefined;
}

/** The median of some numbers, at least one. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
