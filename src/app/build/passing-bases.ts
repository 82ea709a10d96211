// Base images that a build does not need here: their layers are mounted, or pass from one registry to the other, or an
// image in the store says where they are. Where no step looks into such a base it is never fetched; where a cache from
// elsewhere knows what is in it, its bytes are not.

import {
  type BaseImage,
  chainOf,
  type EvaluatedBuild,
  type ExecuteServices,
  imageOf,
  unreadBases,
} from '../../build/execute/index.ts';
import { imageKey, isImage } from '../../build/graph/index.ts';
import type { Digest } from '../../core/index.ts';
import type { Descriptor } from '../../oci/image/index.ts';
import { needsPacking, type Store } from '../../oci/store/index.ts';
import { environment } from '../../sys/index.ts';
import { type LayerElsewhere, withDistant } from '../pull/with-distant.ts';
import { readSettings } from '../settings.ts';
import type { BuildOptions } from '../types.ts';
import type { NamedOutput } from './output-names.ts';

/** What is asked for. */
export interface PassingRequest {
  readonly builds: readonly EvaluatedBuild[];
  readonly outputs: readonly NamedOutput[];
  readonly options: Pick<BuildOptions, 'squash' | 'verify' | 'cacheTo' | 'attestations'>;
  /** Whether an image in the store may say where its layers are, in the place of having them. */
  readonly lazy: boolean;
}

/** Layers that may stay where they are. */
export interface PassingBases {
  /** Images, by their keys, that no step looks into. */
  readonly unread: ReadonlySet<string>;
  /** The layers of these and of others, which steps may have brought here all the same. */
  readonly layers: ReadonlySet<Digest>;
  /** The store, in which they look as if they were there: to be named, and to be sent. */
  store(store: Store): Store;
  /** Of those images that are not in the store it keeps what they say of themselves; done where an image of it is kept. */
  keepElsewhere(): Promise<void>;
  /** Those that are not here, as people are told of them; none where there are none. */
  elsewhere(store: Store): LayersElsewhere | undefined;
}

/** Layers that stayed where they are. */
export interface LayersElsewhere {
  readonly layers: number;
  /** Bytes to be fetched. */
  readonly bytes: number;
  /** The images that have them. */
  readonly origins: readonly string[];
}

/**
 * Whether images that are built may say where layers are that nobody needed: not where a registry is reached by what is
 * given for this one build, and is not there for whoever needs them later.
 */
export async function isLazy(
  { root }: Pick<Store, 'root'>,
  { lazy = false, registryMirrors = [], ca }: Pick<BuildOptions, 'lazy' | 'registryMirrors' | 'ca'>,
): Promise<boolean> {
  if (!lazy || registryMirrors.length > 0 || ca !== undefined) return false;
  return !(await readSettings(root, environment())).wholeImages;
}

/** Finds those of builds; undefined where there are none. */
export function passingBases(
  { travel }: Pick<ExecuteServices, 'travel'>,
  { builds, outputs, options, lazy }: PassingRequest,
): PassingBases | undefined {
  // What is installed is in the layers.
  if (options.squash || options.verify || options.attestations?.sbom) return undefined;
  const found = new Map(builds.flatMap((build) => bottomOf(build, { outputs, lazy })));
  // A cache inside the image says what is in the base.
  const told = travel !== undefined && (options.cacheTo ?? []).some(({ type }) => type === 'inline');
  const unread = new Set(told ? [] : [...unreadBases(builds).keys()].filter((key) => found.has(key)));
  const isKept = outputs.some(({ spec }) => spec.type === 'image');
  // What is kept here, and has been looked into by somebody, is whole: the Dockerfile alone says what will be here.
  const passing = isKept ? [...found].filter(([key]) => unread.has(key)) : [...found];
  const distant = [...new Map(passing.flatMap(([, image]) => layersOf(image))).values()];
  if (distant.length === 0) return undefined;
  return {
    unread,
    layers: new Set(distant.map(({ diffId }) => diffId)),
    store: (store) => withDistant(store, distant),
    keepElsewhere: async () => {
      if (isKept) for (const [, image] of passing) await image.keepElsewhere?.();
    },
    elsewhere: (store) => (isKept ? elsewhereOf(store, distant) : undefined),
  };
}

/** The image at the bottom of what a build makes, where it is not here and no output needs it to be. */
function bottomOf(
  build: EvaluatedBuild,
  { outputs, lazy }: Pick<PassingRequest, 'outputs' | 'lazy'>,
): readonly (readonly [string, PassingImage])[] {
  const { base } = chainOf(build).at(-1)!;
  if (!isImage(base)) return [];
  const { config, open, descriptors, origins, keepElsewhere } = imageOf(build.images, base);
  if (!open || !descriptors || !origins) return [];
  // Those that are here can be packed.
  const away = descriptors.filter(({ digest }) => origins.has(digest));
  if (!outputs.every((output) => takes(output, away, lazy))) return [];
  const more = keepElsewhere ? { keepElsewhere } : {};
  return [[imageKey(base), { diffIds: config.rootfs.diff_ids, open, descriptors, origins, ...more }]];
}

/** Whether an output needs no layer in another form, and none in the store. */
function takes({ spec }: NamedOutput, descriptors: readonly Descriptor[], lazy: boolean): boolean {
  if (spec.type !== 'registry' && (spec.type !== 'image' || !lazy)) return false;
  const packing = spec.compression ?? (spec.type === 'registry' ? { kind: 'gzip' as const } : undefined);
  return !packing || !descriptors.some((descriptor) => needsPacking(descriptor, packing));
}

interface PassingImage
  extends Required<Pick<BaseImage, 'open' | 'descriptors' | 'origins'>>,
    Pick<BaseImage, 'keepElsewhere'> {
  readonly diffIds: readonly Digest[];
}

/** Where nobody says where a layer is, it is here. */
function layersOf({
  diffIds,
  descriptors,
  origins,
  open,
}: PassingImage): (readonly [Digest, LayerElsewhere])[] {
  return diffIds.flatMap((diffId, i) => {
    const descriptor = descriptors[i]!;
    const origin = origins.get(descriptor.digest);
    return origin === undefined ? [] : [[diffId, { diffId, descriptor, origin, open }] as const];
  });
}

function elsewhereOf(store: Store, distant: readonly LayerElsewhere[]): LayersElsewhere | undefined {
  const missing = distant.filter(({ descriptor }) => !store.findByBlob(descriptor.digest));
  if (missing.length === 0) return undefined;
  return {
    layers: missing.length,
    bytes: missing.reduce((sum, { descriptor }) => sum + descriptor.size, 0),
    origins: [...new Set(missing.map(({ origin }) => origin))],
  };
}
