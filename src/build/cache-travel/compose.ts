// What a build did, as a cache that can travel: the document, and the list of what it leads to.

import { type Digest, redactUrls } from '../../core/index.ts';
import type { LayerInfo } from '../../oci/image/index.ts';
import type { StepWarning } from '../cache/index.ts';
import type { NamedInput } from '../graph/index.ts';
import type { TravelDocument, TravelLayer, TravelRecord } from './document.ts';

/** A step that was found or executed. */
export interface StepDone {
  readonly key: Digest;
  readonly scope?: string;
  readonly stage: string;
  readonly position: number;
  readonly instruction: string;
  /** As the store keeps them. */
  readonly inputs: readonly NamedInput[];
  readonly layer?: LayerInfo;
  readonly created: string;
  readonly seconds: number;
  /** When it was executed, milliseconds since the epoch. */
  readonly made: number;
  readonly warnings?: readonly StepWarning[];
}

/** What is to travel. */
export interface TravelContent {
  readonly steps: readonly StepDone[];
  /** Layers of base images: what is known of them, so that a base need not be fetched to look a step up. */
  readonly bases: readonly LayerInfo[];
  /** Layers of steps that travel without their bytes. */
  readonly bare?: ReadonlySet<Digest>;
}

/** What is known of a layer's blobs. */
export interface LayerBlobs {
  readonly blob?: Digest;
  readonly table?: Digest;
}

/** Each key once, in an order that does not depend on which stage was quicker. */
export function distinctSteps(steps: readonly StepDone[]): readonly StepDone[] {
  const byKey = new Map<Digest, StepDone>();
  const sorted = [...steps].sort(
    (a, b) =>
      compare(a.scope ?? '', b.scope ?? '') ||
      Number(a.stage) - Number(b.stage) ||
      a.position - b.position ||
      compare(a.key, b.key),
  );
  for (const step of sorted) if (!byKey.has(step.key)) byKey.set(step.key, step);
  return [...byKey.values()];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The layers of a cache: those of its steps, then those of bases that are none. */
export function layersOfContent({ steps, bases }: TravelContent): {
  readonly made: ReadonlyMap<Digest, LayerInfo>;
  readonly base: ReadonlyMap<Digest, LayerInfo>;
} {
  const made = new Map(steps.flatMap(({ layer }) => (layer ? [[layer.diffId, layer] as const] : [])));
  const base = new Map(
    bases.flatMap((layer) => (made.has(layer.diffId) ? [] : [[layer.diffId, layer] as const])),
  );
  return { made, base };
}

/**
 * The document.
 * @param steps each key once
 * @param inputs the blob with the inputs of the steps, one list a step
 */
export function composeDocument(
  content: TravelContent,
  blobsOf: (diffId: Digest) => LayerBlobs,
  inputs?: Digest,
): TravelDocument {
  const { made, base } = layersOfContent(content);
  const layers = [...made.values(), ...base.values()].map(
    ({ diffId, size, contentId, files }): TravelLayer => ({
      ...{ diffId, size, contentId, files },
      ...blobsOf(diffId),
    }),
  );
  const places = new Map(layers.map(({ diffId }, i) => [diffId, i]));
  const records = content.steps.map(
    (
      { key, scope, stage, position, instruction, created, seconds, made, warnings, layer },
      i,
    ): TravelRecord => ({
      key,
      ...(scope === undefined ? {} : { scope }),
      ...{ stage, position, created },
      instruction: redactUrls(instruction),
      seconds: Math.round(seconds * 1000) / 1000,
      made: Math.round(made),
      ...(warnings && warnings.length > 0 ? { warnings } : {}),
      ...(layer ? { layer: places.get(layer.diffId)! } : {}),
      ...(inputs === undefined ? {} : { inputs: i }),
    }),
  );
  return { version: 1, layers, records, ...(inputs === undefined ? {} : { inputs }) };
}
