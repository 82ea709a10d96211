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

/** Two builds of one text differ by more than that, and more where there is no median of many to go by. */
export const NO_SECONDS = { few: 0.25, several: 0.05 };
const FEW = 6;

/** Seconds that are no difference of measurements are shown as none. */
function changeOfSeconds([before, after]: readonly [number, number], count: number): string {
  const least = count < FEW ? NO_SECONDS.few : NO_SECONDS.several;
  const isNone = formatSeconds(before) === formatSeconds(after) || Math.abs(before - after) < least;
  return isNone ? 'the same' : percentage(before, after);
}

function kindOf(kind: string, commits: readonly Commit[]): ReplayedKind {
  const medians = (read: (side: Commit['before']) => number): readonly [number, number] => [
    median(commits.map((one) => read(one.before))),
    median(commits.map((one) => read(one.after))),
  ];
  const shown = (both: readonly [number, number], format: (value: number) => string, change: string) => {
    const [before, after] = both.map(format) as [string, string];
    return { before, after, change };
  };
  const seconds = medians((side) => side.seconds);
  const bytes = medians((side) => side.bytes);
  return {
    ...{ kind, count: commits.length },
    seconds: shown(seconds, formatSeconds, changeOfSeconds(seconds, commits.length)),
    bytes: shown(bytes, formatSize, percentage(...bytes)),
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
