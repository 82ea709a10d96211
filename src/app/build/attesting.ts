// What a build that was executed says of itself: beside its images, and to whoever asked for it.

import type { BuiltStage, EvaluatedBuild } from '../../build/execute/index.ts';
import { type CheckoutFacts, readCheckout } from '../../build/source/index.ts';
import { formatPlatform } from '../../oci/image/index.ts';
import { attester, type ExecutedBuild } from '../attest/attest-build.ts';
import type { ListServices } from '../attest/inventory.ts';
import { isContextDirectory } from '../lock/place.ts';
import type { BuildGiven, BuildRequest } from './execute-services.ts';
import type { UnfinishedStage } from './finish-build.ts';
import type { UnpackagedImage } from './finish-image.ts';
import type { BuildResult } from './types.ts';

/** What a build says. */
export interface Attesting {
  /** What is attested of the image of one of the builds. */
  stage(build: EvaluatedBuild): Pick<UnfinishedStage, 'attested'>;
  /** Its provenance by itself, where somebody asked for it. */
  told(): Pick<BuildResult, 'provenance'>;
}

/** Makes ready to say it. */
export async function attesting(
  request: BuildRequest,
  given: BuildGiven,
  executed: Omit<ExecutedBuild, 'checkout'>,
  listing: ListServices,
): Promise<Attesting> {
  const { attestations, tellProvenance } = request.options;
  const checkout = await checkoutOf(request, given);
  const { attested, provenance } = attester(request, given, { ...executed, checkout });
  return {
    stage: (build) => {
      if (!attestations) return {};
      const ofImage = (built: BuiltStage, image: UnpackagedImage) =>
        attested({ build, built, image }, listing);
      return { attested: ofImage };
    },
    told: () => {
      if (!tellProvenance) return {};
      const { builderId } = attestations?.provenance ?? {};
      const how = { mode: 'max', version: 'v0.2', ...(builderId ? { builderId } : {}) } as const;
      return {
        provenance: executed.builds.map((build) => ({
          platform: formatPlatform(build.plan.platform),
          content: shortened(provenance(build, how), tellProvenance),
        })),
      };
    },
  };
}

/** As buildx shortens it: the call is told whole, and nothing else of the build. */
function shortened(provenance: object, mode: 'min' | 'max'): object {
  if (mode === 'max') return provenance;
  const { buildConfig: _, metadata: __, ...rest } = provenance as Record<string, unknown>;
  return rest;
}

/** What the work tree says that the context lies in, if any. */
async function checkoutOf(
  { options, signal }: BuildRequest,
  { input }: BuildGiven,
): Promise<CheckoutFacts | undefined> {
  const { attestations, tellProvenance, context } = options;
  const asked = attestations?.provenance !== undefined || tellProvenance === 'max';
  if (!asked || attestations?.ignoreCheckout || !isContextDirectory(context)) return undefined;
  return await readCheckout(input.contextName, signal);
}
