// SLSA provenance 0.2 with BuildKit's own fields, in its order.

import type { BuildFacts, ProvenanceOptions } from './types.ts';

/** What such a provenance says its fields mean. */
const BUILD_TYPE = 'https://mobyproject.org/buildkit@v1';

/** Makes the provenance of a build. With `min` values of arguments and labels, secrets and steps stay untold. */
export function slsa02(facts: BuildFacts, { mode, builderId = '', reproducible = false }: ProvenanceOptions) {
  const { source, steps, materials } = facts;
  const full = mode === 'max';
  const told = Object.entries(facts.args).filter(([key]) => full || !/^(?:build-arg|label):/.test(key));
  const complete = told.length === Object.keys(facts.args).length;
  // A directory of this machine has no name that anybody else could look up.
  const knowsAll = facts.locals.length === 0;
  return {
    builder: { id: builderId },
    buildType: BUILD_TYPE,
    ...(materials.length > 0 ? { materials } : {}),
    invocation: {
      configSource: {
        ...(source.uri === undefined ? {} : { uri: source.uri }),
        ...(source.digest ? { digest: source.digest } : {}),
        ...(source.path === undefined ? {} : { entryPoint: source.path }),
      },
      parameters: {
        frontend: 'dockerfile.v0',
        ...(told.length > 0 ? { args: sorted(Object.fromEntries(told)) } : {}),
        ...(full && facts.secrets.length > 0 ? { secrets: facts.secrets } : {}),
        ...(full && facts.agents.length > 0 ? { ssh: facts.agents } : {}),
        ...(facts.locals.length > 0 ? { locals: facts.locals.map((name) => ({ name })) } : {}),
      },
      environment: { platform: facts.builderPlatform },
    },
    ...(full ? { buildConfig: { llbDefinition: steps.definition } } : {}),
    metadata: {
      buildInvocationID: facts.invocation,
      buildStartedOn: facts.started,
      buildFinishedOn: facts.finished,
      completeness: { parameters: complete, environment: true, materials: knowsAll },
      reproducible,
      'https://mobyproject.org/buildkit@v1#metadata': extensionOf(facts, full),
      ...(knowsAll && !facts.network ? { 'https://mobyproject.org/buildkit@v1#hermetic': true } : {}),
    },
  };
}

function extensionOf({ vcs, steps }: BuildFacts, full: boolean) {
  const { name, data } = steps.dockerfile;
  return {
    ...(Object.keys(vcs).length > 0 ? { vcs: sorted(vcs) } : {}),
    ...(full
      ? {
          source: {
            locations: steps.locations,
            infos: [{ filename: name, language: 'Dockerfile', data }],
          },
          ...(Object.keys(steps.layers).length > 0 ? { layers: steps.layers } : {}),
        }
      : {}),
  };
}

/** As a map of Go's is written. */
function sorted(map: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}
