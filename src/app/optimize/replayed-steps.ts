// What the same step took in a replay, with one Dockerfile and with the other: which instruction of the rewrite is which of
// the original is known, whatever was made of it.

import type { Subject } from '../../insight/optimize/index.ts';
import { shownText } from './shown-text.ts';
import type { ReplayedStep } from './types.ts';

/** What ran in a build, by the ids of its steps: seconds. What the cache had is not in it. */
export type RanSteps = ReadonlyMap<string, number>;

/** The steps that both have, in the order of the original's. */
export function replayedSteps(
  original: Pick<Subject, 'evidence'>,
  rewrite: Pick<Subject, 'lint' | 'draft'>,
  commits: readonly { readonly before: RanSteps; readonly after: RanSteps }[],
): readonly ReplayedStep[] {
  const counterparts = counterpartsIn(rewrite);
  return original.evidence.steps.flatMap(({ id, title }) => {
    const other = counterparts.get(id);
    if (other === undefined) return [];
    const pairs = commits.flatMap(({ before, after }) => {
      const [one, two] = [before.get(id), after.get(other)];
      return one === undefined || two === undefined ? [] : [{ before: one, after: two }];
    });
    const count = (side: 'before' | 'after', at: string) =>
      commits.filter((commit) => commit[side].has(at)).length;
    return [
      {
        ...{
          id,
          title: shownText(title),
          runs: { before: count('before', id), after: count('after', other) },
        },
        ...(pairs.length === 0 ? {} : { both: { commits: pairs.length, ...sumsOf(pairs) } }),
      },
    ];
  });
}

/** By the ids of the original's steps those of the rewrite's, where there is one. */
function counterpartsIn({ lint, draft }: Pick<Subject, 'lint' | 'draft'>): ReadonlyMap<string, string> {
  const found = new Map<string, string | undefined>();
  for (const { stage, trace } of lint.stages) {
    trace.forEach(({ planned: { instruction, trigger } }, position) => {
      const known = trigger ? undefined : draft.known.get(instruction.span.start);
      // One that was made two is none of them.
      if (known) found.set(known.id, found.has(known.id) ? undefined : `${stage.index}.${position}`);
    });
  }
  return new Map([...found].flatMap(([id, other]) => (other === undefined ? [] : [[id, other]])));
}

function sumsOf(pairs: readonly { readonly before: number; readonly after: number }[]) {
  const sum = (side: 'before' | 'after') => pairs.reduce((total, pair) => total + pair[side], 0);
  return { before: sum('before') / pairs.length, after: sum('after') / pairs.length };
}
