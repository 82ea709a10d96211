// A guess held against what was measured: how long a step takes with a cache mount nobody knows before.

import type { Applied, Evidence } from '../../insight/optimize/index.ts';
import type { OptimizeChange, Replay } from './types.ts';

/** What the steps took of which a change says that they take less; nothing where no commit made them run with both. */
export function guessReplayed(
  { proposal }: Applied,
  { evidence, replayed }: { readonly evidence: Evidence; readonly replayed: Replay },
): Pick<OptimizeChange, 'replayed'> {
  const seen = new Map(evidence.steps.map((step) => [step.id, step]));
  const ids = new Set(
    (proposal.expects ?? [])
      .filter(({ step }) => step.seconds < (seen.get(step.id)?.seconds ?? 0))
      .map(({ step }) => step.id),
  );
  const found = replayed.steps.flatMap(({ id, both }) => (both && ids.has(id) ? [both] : []));
  if (found.length === 0) return {};
  const sum = (side: 'before' | 'after') => found.reduce((total, one) => total + one[side], 0);
  return {
    replayed: {
      commits: Math.min(...found.map(({ commits }) => commits)),
      ...{ before: sum('before'), after: sum('after') },
    },
  };
}
