// Changes that stay only where behaviour can be asked: where nothing that could be asked says anything of the original,
// each would be refused after it was built. They are not tried then, and it is said what would make them possible.

import { type Draft, propose, type Rewrite, type Surroundings } from '../../insight/optimize/index.ts';
import type { Checks } from './checks.ts';
import { shownText } from './shown-text.ts';

/** What is worth trying. */
export interface Askable {
  readonly rewrites: readonly Rewrite[];
  /** What is not tried, and why. */
  readonly notes: readonly string[];
}

/** Asks the original, if something that is proposed has to be asked. */
export async function askable(
  original: Draft,
  around: Surroundings,
  { rewrites, checks }: { readonly rewrites: readonly Rewrite[]; readonly checks: Pick<Checks, 'speaking'> },
): Promise<Askable> {
  const { applied } = propose(original, around, { rewrites });
  const asking = applied.filter(({ proposal }) => proposal.mustAsk);
  if (asking.length === 0 || (await checks.speaking()) !== undefined) return { rewrites, notes: [] };
  return {
    rewrites: rewrites.map((rewrite) => ({
      ...rewrite,
      propose: (subject) => rewrite.propose(subject).filter(({ mustAsk }) => !mustAsk),
    })),
    notes: asking.map(
      ({ rewrite, proposal }) =>
        `not tried: ${rewrite.name}, ${shownText(proposal.title)}: it stays only where behaviour can be asked, and neither a check nor what the image starts ends well with the original. --check "COMMAND" asks`,
    ),
  };
}
