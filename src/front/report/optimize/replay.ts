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

/** The middle one of some numbers; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
