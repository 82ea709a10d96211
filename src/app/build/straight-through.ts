// A build that only changes what an image says of itself, and goes to registries: FROM, then ENV, CMD, LABEL and the
// like. Nothing of it needs a byte of the base's layers here, so they stay where they are: they are mounted, or pass from
// one registry to the other.

import type { BaseImage, BuiltStage, EvaluatedBuild, ExecuteServices } from '../../build/execute/index.ts';
import { type FromStep, imageKey, isImage, type PlannedStage } from '../../build/graph/index.ts';
import type { Digest, EventSink } from '../../core/index.ts';
import type { Descriptor, LayerInfo } from '../../oci/image/index.ts';
import { needsPacking, type Store } from '../../oci/store/index.ts';
import type { BuildOptions } from '../types.ts';
import type { NamedOutput } from './output-names.ts';

/** A build that is finished without having been executed. */
export interface StraightThrough {
  /** One for each platform. */
  readonly executed: readonly BuiltStage[];
  /** The store, in which the layers look as if they were there: to be named, and to be sent. */
  readonly store: Store;
}

/** What is asked for. */
export interface StraightRequest {
  readonly builds: readonly EvaluatedBuild[];
  readonly outputs: readonly NamedOutput[];
  readonly options: Pick<BuildOptions, 'squash' | 'verify'>;
}

/** The build, where it is such a one; undefined where anything has to be executed. */
export function straightThrough(
  { store, events, travel }: Pick<ExecuteServices, 'store' | 'events' | 'travel'>,
  { builds, outputs, options }: StraightRequest,
): StraightThrough | undefined {
  if (travel || options.squash || options.verify || outputs.length === 0) return undefined;
  const found = builds.flatMap((build) => straightBuild(build, outputs) ?? []);
  if (found.length < builds.length) return undefined;
  for (const from of new Map(found.map(({ from }) => [from.id, from])).values()) tell(events, from);
  return {
    executed: found.map(({ executed }) => executed),
    store: withDistant(store, new Map(found.flatMap(({ distant }) => [...distant]))),
  };
}

interface StraightBuild {
  readonly executed: BuiltStage;
  readonly from: FromStep;
  readonly distant: ReadonlyMap<Digest, Distant>;
}

function straightBuild(
  { plan, images, evaluations }: EvaluatedBuild,
  outputs: readonly NamedOutput[],
): StraightBuild | undefined {
  if (plan.stages.some(({ index }) => evaluations.get(index)!.steps.length > 0)) return undefined;
  const bottom = bottomOf(plan.stages, plan.target);
  const base = isImage(bottom.base) ? images.get(imageKey(bottom.base)) : undefined;
  const { open, descriptors } = base ?? {};
  if (!base || !open || !descriptors || !outputs.every((output) => takes(output, descriptors)))
    return undefined;
  const { layers, distant } = placeholders(base, descriptors, open);
  const executed: BuiltStage = {
    state: evaluations.get(plan.target)!.state,
    snapshot: { layers },
    baseLayers: base.config.rootfs.diff_ids,
    ...(base.imageId === undefined ? {} : { baseImage: base.imageId }),
    results: new Map(),
  };
  return { executed, from: evaluations.get(bottom.index)!.from!, distant };
}

/** Whether an output needs no layer in another form, and none in the store. */
function takes({ spec }: NamedOutput, descriptors: readonly Descriptor[]): boolean {
  if (spec.type !== 'registry') return false;
  const packing = spec.compression ?? { kind: 'gzip' };
  return !descriptors.some((descriptor) => needsPacking(descriptor, packing));
}

function bottomOf(stages: readonly PlannedStage[], target: number): PlannedStage {
  const stage = stages.find(({ index }) => index === target)!;
  return stage.base.kind === 'stage' ? bottomOf(stages, stage.base.stage) : stage;
}

interface Distant {
  readonly info: LayerInfo;
  readonly descriptor: Descriptor;
  readonly open: NonNullable<BaseImage['open']>;
}

/** Of the layers nothing is known but their digests: no step is there to ask for more. */
function placeholders(
  { config }: BaseImage,
  descriptors: readonly Descriptor[],
  open: Distant['open'],
): { readonly layers: readonly LayerInfo[]; readonly distant: ReadonlyMap<Digest, Distant> } {
  const distant = new Map<Digest, Distant>();
  const layers = config.rootfs.diff_ids.map((diffId, i): LayerInfo => {
    const descriptor = descriptors[i]!;
    const info = { diffId, contentId: diffId, size: descriptor.size, files: 0 };
    distant.set(diffId, { info, descriptor, open });
    return info;
  });
  return { layers, distant };
}

function withDistant(store: Store, distant: ReadonlyMap<Digest, Distant>): Store {
  const blobs = new Map([...distant.values()].map((layer) => [layer.descriptor.digest, layer]));
  return {
    ...store,
    layer: (diffId) => distant.get(diffId) ?? store.layer(diffId),
    findByBlob: (digest) => store.findByBlob(digest) ?? blobs.get(digest),
    streamBlob: (digest) => {
      const there = blobs.get(digest);
      return there && !store.hasBlob(digest, there.descriptor.size)
        ? there.open(there.descriptor)
        : store.streamBlob(digest);
    },
  };
}

function tell(events: EventSink, { id, title, span }: FromStep): void {
  events({ type: 'step-started', step: id, title, span });
  events({ type: 'step-finished', step: id, outcome: 'cached', seconds: 0 });
}
