// Which rewrites are to be made.

import { MilleError } from '../../core/index.ts';
import type { Rewrite } from '../../insight/optimize/index.ts';
import type { OptimizeOptions } from './types.ts';

/** Those that were asked for. @throws MilleError `usage` for a name that is none */
export function chooseRewrites(
  rewrites: readonly Rewrite[],
  { only, skip, goal }: Pick<OptimizeOptions, 'only' | 'skip' | 'goal'>,
): readonly Rewrite[] {
  const names = new Set(rewrites.map(({ name }) => name));
  for (const [flag, words] of [
    ['--only', only],
    ['--skip', skip],
  ] as const) {
    const unknown = words.find((word) => !names.has(word));
    if (unknown === undefined) continue;
    throw new MilleError('usage', `${flag}: there is no rewrite '${unknown}'`, {
      hint: `there are ${[...names].sort().join(', ')}`,
    });
  }
  return rewrites.filter(
    (one) =>
      (only.length === 0 || only.includes(one.name)) &&
      !skip.includes(one.name) &&
      // Asked for by name, it is made.
      (only.includes(one.name) || goal === 'both' || one.goal === 'both' || one.goal === goal),
  );
}
