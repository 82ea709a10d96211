// A build that only changes what an image says of itself, and goes to registries: FROM, then ENV, CMD, LABEL and the
// like. Nothing of it needs a byte of the base's layers here, so they stay where they are: they are mounted, or pass from
// one registry to the other.

import type { BaseImage, BuiltStage, EvaluatedBuild, ExecuteServices } from '../../build/execute/index.ts';
import { imageKey, isImage, type PlannedStage } from '../../build/graph/index.ts';
import type { Digest, EventSink } from '../../core/index.ts';
import type { Descriptor, LayerInfo } from '../../oci/image/index.ts';
import { needsPacking, type Store } from '../../oci/store/index.ts';
import type { BuildOptions } from '../types.ts';
import type { NamedOutput } from './output-names.ts';

/** A build that is finished without having been executed. */
export interface StraightThrough {
  readonly executed: BuiltStage;
  /** The store, in which the layers look as if they were there: to be named, and to be sent. */
  readonly store: Store;
}

/** What is asked for. */
export interface StraightRequest {
  readonly evaluated: EvaluatedBuild;
  readonly outputs: readonly NamedOutput[];
  readonly options: Pick<BuildOptions, 'squash' | 'verify'>;
}

/** The build, where it is such a one; undefined where anything has to be executed. */
export function straightThrough(
  { store, events, travel }: Pick<ExecuteServices, 'store' | 'events' | 'travel'>,
  { evaluated, outputs, options }: StraightRequest,
): StraightThrough | undefined {
  if (travel || options.squash || options.verify || outputs.length === 0) return undefined;
  const { plan, images, evaluations } = evaluated;
  if (plan.stages.some(({ index }) => evaluations.get(index)!.steps.length > 0)) return undefined;
  const bottom = bottomOf(plan.stages, plan.target);
  const base = isImage(bottom.base) ? images.get(imageKey(bottom.base)) : undefined;
  if (!base?.open || !base.descriptors || !outputs.every((output) => takes(output, base.descriptors!)))
    return undefined;
  tell(events, evaluated, bottom);
  const { layers, from } = placeholders(base, base.descriptors);
  return {
    executed: {
      state: evaluations.get(plan.target)!.state,
      snapshot: { layers },
      baseLayers: base.config.rootfs.diff_ids,
      ...(base.imageId === undefined ? {} : { baseImage: base.imageId }),
      results: new Map(),
    },
    store: withDistant(store, from, base.open),
  };
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
}

/** Of the layers nothing is known but their digests: no step is there to ask for more. */
function placeholders(
  { config }: BaseImage,
  descriptors: readonly Descriptor[],
): { readonly layers: readonly LayerInfo[]; readonly from: ReadonlyMap<Digest, Distant> } {
  const from = new Map<Digest, Distant>();
  const layers = config.rootfs.diff_ids.map((diffId, i): LayerInfo => {
    const descriptor = descriptors[i]!;
    const info = { diffId, contentId: diffId, size: descriptor.size, files: 0 };
    from.set(diffId, { info, descriptor });
    return info;
  });
  return { layers, from };
}

function withDistant(
  store: Store,
  from: ReadonlyMap<Digest, Distant>,
  open: NonNullable<BaseImage['open']>,
): Store {
  const blobs = new Map([...from.values()].map((layer) => [layer.descriptor.digest, layer]));
  return {
    ...store,
    layer: (diffId) => from.get(diffId) ?? store.layer(diffId),
    findByBlob: (digest) => store.findByBlob(digest) ?? blobs.get(digest),
    streamBlob: (digest) => {
      const there = blobs.get(digest);
      return there && !store.hasBlob(digest, there.descriptor.size)
        ? open(there.descriptor)
        : store.streamBlob(digest);
    },
  };
}

function tell(events: EventSink, { evaluations }: EvaluatedBuild, { index, from }: PlannedStage): void {
  const step = `${index}.from`;
  const title = evaluations.get(index)?.fromTitle ?? '';
  events({ type: 'step-started', step, title, span: from.span });
  events({ type: 'step-finished', step, outcome: 'cached', seconds: 0 });
}
