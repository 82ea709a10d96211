// The commits that were built with both Dockerfiles, summed up by what they touch.

import type { OptimizeResult } from '../../../app/index.ts';
import { formatSize } from '../size.ts';
import { formatSeconds } from '../time.ts';
import { percentage } from './figures.ts';

type Replay = NonNullable<OptimizeResult['replay']>;
type Commit = Replay['commits'][number];

/** Commits of one kind. */
export interface ReplayedKind {
  /** `source`. */
  readonly kind: string;
  readonly count: number;
  /** Medians. */
  readonly seconds: { readonly before: string; readonly after: string; readonly change: string };
  readonly bytes: { readonly before: string; readonly after: string; readonly change: string };
}

const KINDS: readonly (readonly [Commit['stratum'], string])[] = [
  ['source', 'source'],
  ['manifest', 'dependencies'],
  ['docs', 'documents only'],
  ['dockerfile', 'the Dockerfile'],
];

/** How a kind of commit is called. */
export function kindName(stratum: Commit['stratum']): string {
  return KINDS.find(([kind]) => kind === stratum)![1];
}

/** One row a kind, and all of them last where there are several. */
export function replayedKinds({ commits }: Replay): readonly ReplayedKind[] {
  const kinds = KINDS.flatMap(([stratum, kind]) => {
    const own = commits.filter((one) => one.stratum === stratum);
    return own.length === 0 ? [] : [kindOf(kind, own)];
  });
  return kinds.length > 1 ? [...kinds, kindOf('all', commits)] : kinds;
}

function kindOf(kind: string, commits: readonly Commit[]): ReplayedKind {
  const middle = (read: (side: Commit['before']) => number, format: (value: number) => string) => {
    const [before, after] = [
      median(commits.map((one) => read(one.before))),
      median(commits.map((one) => read(one.after))),
    ];
    return { before: format(before), after: format(after), change: percentage(before, after) };
  };
  return {
    ...{ kind, count: commits.length },
    seconds: middle(({ seconds }) => seconds, formatSeconds),
    bytes: middle(({ bytes }) => bytes, formatSize),
  };
}

/**
 * How much of what could be saved was: of the seconds between what the rebuilds took and the least that they could, by
 * what steps were seen to read. Undefined where that is not known, or there was next to nothing to save.
 */
export function shareOfPossible({ commits }: Replay): string | undefined {
  let [saved, possible] = [0, 0];
  for (const { before, after, limit } of commits) {
    if (limit === undefined) return undefined;
    saved += before.seconds - after.seconds;
    possible += Math.max(0, before.seconds - limit);
  }
  if (possible < commits.length * LITTLE_SECONDS) return undefined;
  const percent = Math.round((saved / possible) * 100);
  return `Of the seconds that rebuilds could take less, by what the steps read, ${Math.max(0, Math.min(100, percent))} % are saved.`;
}

const LITTLE_SECONDS = 0.5;

/** The middle one of some numbers; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
