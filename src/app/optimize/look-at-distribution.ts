// What rewrites about packages look at besides: read only where one of them would have something to say.

import {
  type DistributionEvidence,
  type Draft,
  lookAt,
  type ObservedImage,
  type Rewrite,
  type Surroundings,
} from '../../insight/optimize/index.ts';
import type { PackageFacts } from '../../insight/verify/index.ts';
import type { Checks } from './checks.ts';
import { DistributionReader } from './distribution.ts';

/** What is known of the original's packages. */
export interface LookedAtDistribution {
  /** What all rewrites look at, with that. */
  readonly around: Surroundings;
  /** What is known of the packages of both images; undefined for one that has no database. */
  factsOf(after: ObservedImage): Promise<PackageFacts | undefined>;
}

/** Looks; undefined where nobody wants to know. @throws MilleError for a damaged layer, `interrupted` */
export async function lookAtDistribution(
  {
    original,
    around,
    image,
  }: { readonly original: Draft; readonly around: Surroundings; readonly image: ObservedImage },
  { rewrites, checks }: { readonly rewrites: readonly Rewrite[]; readonly checks: Checks },
): Promise<LookedAtDistribution | undefined> {
  const looking = rewrites.filter(({ looksAt }) => looksAt === 'distribution');
  if (looking.length === 0 || !/\bapt(?:-get)?\b/.test(original.source.text)) return undefined;
  const reader = new DistributionReader();
  const found = await reader.all(image);
  if (!found) return undefined;
  const known = (distribution: DistributionEvidence): Surroundings => ({
    ...around,
    evidence: { ...around.evidence, distribution },
  });
  // Asking takes its time.
  const best = lookAt(original, known({ ...found, asked: 'checks' }));
  if (looking.every((one) => one.propose(best).length === 0)) return undefined;
  const asked = await checks.speaking();
  return {
    around: known({ ...found, ...(asked ? { asked } : {}) }),
    async factsOf(other) {
      const after = await reader.database(other);
      return after && { before: found.database, after, needs: found.needs };
    },
  };
}
