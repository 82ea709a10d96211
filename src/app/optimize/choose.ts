// Which rewrites are to be made.

import { MilleError, suggest } from '../../core/index.ts';
import { REWRITES, type Rewrite } from '../../insight/optimize/index.ts';
import type { OptimizeOptions, RewriteRow } from './types.ts';

/** Those that were asked for. @throws MilleError `usage` for a name that is none */
export function chooseRewrites(
  rewrites: readonly Rewrite[],
  { only, skip, goal }: Pick<OptimizeOptions, 'only' | 'skip' | 'goal'>,
): readonly Rewrite[] {
  const names = rewrites.map(({ name }) => name);
  for (const [flag, words] of [
    ['--only', only],
    ['--skip', skip],
  ] as const) {
    const unknown = words.find((word) => !names.some((name) => fits(name, word)));
    if (unknown === undefined) continue;
    const near = suggest(unknown, names, 3);
    throw new MilleError('usage', `${flag}: there is no rewrite '${unknown}'`, {
      hint: `${near === undefined ? '' : `did you mean ${near}? `}'mille optimize --list' lists what there is`,
    });
  }
  const isAsked = ({ name }: Rewrite) => only.some((word) => fits(name, word));
  return rewrites.filter(
    (one) =>
      (only.length === 0 || isAsked(one)) &&
      !skip.some((word) => fits(one.name, word)) &&
      // Asked for by name, it is made.
      (isAsked(one) || goal === 'both' || one.goal === 'both' || one.goal === goal),
  );
}

/** Whether a word means a rewrite: its name, or with a `*` the names of several. */
function fits(name: string, word: string): boolean {
  const [start = '', ...rest] = word.split('*');
  if (rest.length === 0) return name === word;
  return rest.length === 1 && name.startsWith(start) && name.slice(start.length).endsWith(rest[0]!);
}

/** All of them, as a list shows them. */
export function rewriteRows(): readonly RewriteRow[] {
  return REWRITES.map(({ name, goal, summary }) => ({ name, goal, summary }));
}
