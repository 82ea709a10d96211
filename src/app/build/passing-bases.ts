// Base images that a build which goes to registries alone does not need here: their layers are mounted, or pass from one
// registry to the other. Where no step looks into such a base it is never fetched; where a cache from elsewhere knows
// what is in it, its bytes are not.

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
import type { Descriptor, LayerInfo } from '../../oci/image/index.ts';
import { needsPacking, type Store } from '../../oci/store/index.ts';
import type { BuildOptions } from '../types.ts';
import type { NamedOutput } from './output-names.ts';

/** What is asked for. */
export interface PassingRequest {
  readonly builds: readonly EvaluatedBuild[];
  readonly outputs: readonly NamedOutput[];
  readonly options: Pick<BuildOptions, 'squash' | 'verify' | 'cacheTo' | 'attestations'>;
}

/** Layers that may stay where they are. */
export interface PassingBases {
  /** Images, by their keys, that no step looks into. */
  readonly unread: ReadonlySet<string>;
  /** The layers of these and of others, which steps may have brought here all the same. */
  readonly layers: ReadonlySet<Digest>;
  /** The store, in which they look as if they were there: to be named, and to be sent. */
  store(store: Store): Store;
}

/** Finds those of builds; undefined where there are none. */
export function passingBases(
  { travel }: Pick<ExecuteServices, 'travel'>,
  { builds, outputs, options }: PassingRequest,
): PassingBases | undefined {
  // What is installed is in the layers.
  if (options.squash || options.verify || options.attestations?.sbom) return undefined;
  const found = new Map(builds.flatMap((build) => bottomOf(build, outputs)));
  // A cache inside the image says what is in the base.
  const told = travel !== undefined && (options.cacheTo ?? []).some(({ type }) => type === 'inline');
  const unread = new Set(told ? [] : [...unreadBases(builds).keys()].filter((key) => found.has(key)));
  const distant = new Map([...found.values()].flatMap(distantLayers));
  if (distant.size === 0) return undefined;
  return { unread, layers: new Set(distant.keys()), store: (store) => withDistant(store, distant) };
}

/** The image at the bottom of what a build makes, where it is not here and no output needs it to be. */
function bottomOf(
  build: EvaluatedBuild,
  outputs: readonly NamedOutput[],
): readonly (readonly [string, PassingImage])[] {
  const { base } = chainOf(build).at(-1)!;
  if (!isImage(base)) return [];
  const { config, open, descriptors } = imageOf(build.images, base);
  if (!open || !descriptors || !outputs.every((output) => takes(output, descriptors))) return [];
  return [[imageKey(base), { diffIds: config.rootfs.diff_ids, open, descriptors }]];
}

/** Whether an output needs no layer in another form, and none in the store. */
function takes({ spec }: NamedOutput, descriptors: readonly Descriptor[]): boolean {
  if (spec.type !== 'registry') return false;
  const packing = spec.compression ?? { kind: 'gzip' };
  return !descriptors.some((descriptor) => needsPacking(descriptor, packing));
}

interface PassingImage extends Required<Pick<BaseImage, 'open' | 'descriptors'>> {
  readonly diffIds: readonly Digest[];
}

interface Distant {
  readonly info: LayerInfo;
  readonly descriptor: Descriptor;
  readonly open: PassingImage['open'];
}

/** Of a layer that is not here nothing may be known but its digests. */
function distantLayers({ diffIds, descriptors, open }: PassingImage): (readonly [Digest, Distant])[] {
  return diffIds.map((diffId, i) => {
    const descriptor = descriptors[i]!;
    const info = { diffId, contentId: diffId, size: descriptor.size, files: 0 };
    return [diffId, { info, descriptor, open }];
  });
}

function withDistant(store: Store, distant: ReadonlyMap<Digest, Distant>): Store {
  const blobs = new Map([...distant.values()].map((layer) => [layer.descriptor.digest, layer]));
  const asHere = ({ info, descriptor }: Distant) => ({
    info: store.layer(info.diffId)?.info ?? info,
    descriptor,
  });
  return {
    ...store,
    layer: (diffId) => {
      const layer = distant.get(diffId);
      return layer ? asHere(layer) : store.layer(diffId);
    },
    findByBlob: (digest) => {
      const layer = blobs.get(digest);
      return store.findByBlob(digest) ?? (layer && asHere(layer));
    },
    streamBlob: (digest) => {
      const there = blobs.get(digest);
      return there && !store.hasBlob(digest, there.descriptor.size)
        ? there.open(there.descriptor)
        : store.streamBlob(digest);
    },
  };
}
