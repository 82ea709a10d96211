// SLSA provenance 1: the same facts in other places.

import { slsa02 } from './slsa02.ts';
import type { BuildFacts, ProvenanceOptions } from './types.ts';

const BUILD_TYPE = 'https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md';

/** Makes the provenance of a build. See `slsa02`. */
export function slsa1(facts: BuildFacts, options: ProvenanceOptions) {
  const { builder, materials, invocation, metadata, ...rest } = slsa02(facts, options);
  const { configSource, parameters, environment } = invocation;
  const { entryPoint, ...source } = configSource;
  const { completeness, reproducible } = metadata;
  const hermetic = metadata['https://mobyproject.org/buildkit@v1#hermetic'];
  return {
    buildDefinition: {
      buildType: BUILD_TYPE,
      ...(materials ? { resolvedDependencies: materials } : {}),
      externalParameters: {
        configSource: { ...source, ...(entryPoint === undefined ? {} : { path: entryPoint }) },
        request: parameters,
      },
      internalParameters: {
        ...(rest.buildConfig ? { buildConfig: rest.buildConfig } : {}),
        builderPlatform: environment.platform,
      },
    },
    runDetails: {
      builder,
      metadata: {
        invocationId: metadata.buildInvocationID,
        startedOn: metadata.buildStartedOn,
        finishedOn: metadata.buildFinishedOn,
        buildkit_metadata: metadata['https://mobyproject.org/buildkit@v1#metadata'],
        ...(hermetic ? { buildkit_hermetic: true } : {}),
        buildkit_completeness: {
          request: completeness.parameters,
          resolvedDependencies: completeness.materials,
        },
        ...(reproducible ? { buildkit_reproducible: true } : {}),
      },
    },
  };
}
