// What is attested of the images of a build that was executed: for each image the predicates, made when it is known how
// its layers are written.

import type { BuiltStage, EvaluatedBuild } from '../../build/execute/index.ts';
import type { CheckoutFacts } from '../../build/source/index.ts';
import { looksSecret } from '../../core/index.ts';
import {
  type BuildFacts,
  PREDICATES,
  type ProvenanceOptions,
  slsa1,
  slsa02,
  stepsOf,
} from '../../insight/provenance/index.ts';
import { type Descriptor, formatPlatform } from '../../oci/image/index.ts';
import { hostPlatform } from '../../oci/store/index.ts';
import type { BuildGiven, BuildRequest } from '../build/execute-services.ts';
import { argumentsOf } from './arguments.ts';
import type { Attested } from './attested.ts';
import { type Hide, hiddenIn, hiding, hidingInText } from './hidden.ts';
import { type ImageToList, type ListServices, listPackages } from './inventory.ts';
import {
  addressIdentifier,
  contextAddress,
  identifierOf,
  localsOf,
  materialOf,
  materialsOf,
  type SourcesAsked,
} from './sources-of.ts';

/** A build that was executed. */
export interface ExecutedBuild {
  /** One for each platform. */
  readonly builds: readonly EvaluatedBuild[];
  readonly buildId: string;
  /** Milliseconds since the epoch. */
  readonly started: number;
  /** All names that the build gives, canonical. */
  readonly names: readonly string[];
  /** Of the context's directory, where it is in a work tree. */
  readonly checkout?: CheckoutFacts | undefined;
}

/** An image that was made of one of the builds. */
export type ImageToAttest = Omit<ImageToList, 'names'>;

/** Attests the images of a build. */
export interface BuildAttester {
  /** What is said of an image, in the order in which it stands there. */
  attested(image: ImageToAttest, services: ListServices): Promise<readonly Attested[]>;
  /** A provenance by itself, whether it was asked for or not. */
  provenance(build: EvaluatedBuild, options: ProvenanceOptions): object;
}

/** Prepares attesting. What no attestation may tell is hidden in all of them. */
export function attester(
  { options }: Pick<BuildRequest, 'options'>,
  given: BuildGiven,
  { builds, buildId, started, names, checkout }: ExecutedBuild,
): BuildAttester {
  const hideValues = hiding(given.secrets, builds, { ...options.buildArgs, ...options.labels });
  const hide = hidingInText(hideValues);
  const args = argumentsOf(options, given.contexts);
  const { provenance, sbom } = options.attestations ?? {};
  // The same wherever the image is written to.
  let finished: string | undefined;
  const factsOf = (build: EvaluatedBuild, layersAfter: LayersAfter): BuildFacts => {
    const asked = { build, options, contexts: given.contexts, fetched: given.fetched };
    finished ??= new Date().toISOString();
    return {
      invocation: buildId,
      started: new Date(started).toISOString(),
      finished,
      builderPlatform: formatPlatform(hostPlatform()),
      materials: materialsOf(asked),
      source: sourceOf(asked, given),
      args,
      ...needsOf(build),
      locals: localsOf(asked),
      vcs: vcsOf(checkout),
      steps: describe(asked, given, { hide, layersAfter }),
    };
  };
  const make = (build: EvaluatedBuild, how: ProvenanceOptions, layersAfter: LayersAfter): object => {
    const facts = factsOf(build, layersAfter);
    return hiddenIn(how.version === 'v1' ? slsa1(facts, how) : slsa02(facts, how), hide);
  };
  return {
    provenance: (build, how) => make(build, how, () => undefined),
    attested: async (image, services) => {
      const attested: Attested[] = [];
      if (sbom) {
        const { inlineOnly = false, fileName = 'sbom.spdx.json' } = sbom;
        const document = hiddenIn(await listPackages(services, { ...image, names }), hideValues);
        attested.push({ type: PREDICATES.sbom, inlineOnly, fileName, content: () => document });
      }
      if (provenance) {
        const { inlineOnly = false, fileName = 'provenance.json', ...how } = provenance;
        const { build, built } = image;
        const content: Attested['content'] = (layers) => make(build, how, layersOfSteps(built, layers));
        attested.push({ type: PREDICATES[how.version], inlineOnly, fileName, content });
      }
      return attested;
    },
  };
}

function vcsOf(checkout: CheckoutFacts | undefined): Readonly<Record<string, string>> {
  if (!checkout) return {};
  const { revision, remote, directory } = checkout;
  return {
    ...(revision === undefined ? {} : { revision }),
    ...(remote === undefined ? {} : { source: remote }),
    'localdir:context': directory,
  };
}

type LayersAfter = (stepId: string) => readonly object[] | undefined;

/** The layers up to that of a step, as they are written; undefined for a step whose layer is none of the image's. */
function layersOfSteps({ results, snapshot }: BuiltStage, layers: readonly Descriptor[]): LayersAfter {
  return (stepId) => {
    const made = results.get(stepId)?.diffId;
    const at = made === undefined ? -1 : snapshot.layers.findIndex(({ diffId }) => diffId === made);
    if (at < 0 || layers.length <= at) return undefined;
    return layers.slice(0, at + 1).map(({ mediaType, digest, size }) => ({ mediaType, digest, size }));
  };
}

function describe(
  asked: SourcesAsked,
  { input }: BuildGiven,
  { hide, layersAfter }: { readonly hide: Hide; readonly layersAfter: LayersAfter },
): BuildFacts['steps'] {
  const { plan, evaluations } = asked.build;
  const encode = (text: string) => Buffer.from(hide(text)).toString('base64');
  const steps = stepsOf({
    ...{ plan, evaluations, hides: looksSecret, encode, layersAfter },
    identify: (source) => identifierOf(asked, source),
    identifyGit: ({ sources }, index) => {
      const source = sources[index]!;
      return source.kind === 'git' ? addressIdentifier(source.address, asked.fetched) : '';
    },
  });
  const { source } = input.dockerfile;
  const name = source.name.slice(source.name.lastIndexOf('/') + 1);
  return { ...steps, dockerfile: { name, data: encode(source.text) } };
}

function sourceOf(asked: SourcesAsked, { input }: BuildGiven): BuildFacts['source'] {
  const address = contextAddress(asked.options);
  const material = address && materialOf(asked.fetched, address);
  const { name } = input.dockerfile.source;
  // From elsewhere the whole path counts; here its directory is nobody's concern.
  const { dockerfile } = asked.options;
  const path = address && dockerfile !== undefined ? dockerfile : name.slice(name.lastIndexOf('/') + 1);
  return { ...material, path };
}

function needsOf({ evaluations }: EvaluatedBuild): Pick<BuildFacts, 'secrets' | 'agents' | 'network'> {
  const runs = [...evaluations.values()].flatMap(({ steps }) =>
    steps.flatMap((step) => (step.kind === 'run' ? [step] : [])),
  );
  const mounts = runs.flatMap((run) => run.mounts);
  const needed = (type: 'secret' | 'ssh') => {
    const required = new Map<string, boolean>();
    for (const mount of mounts) {
      if (mount.type !== type) continue;
      required.set(mount.id, mount.required || (required.get(mount.id) ?? false));
    }
    return [...required]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, must]) => ({ id, ...(must ? {} : { optional: true }) }));
  };
  return {
    secrets: needed('secret'),
    agents: needed('ssh'),
    network: runs.some(({ network }) => network !== 'none'),
  };
}
