// Which instruction made which layer: by the image's history, and by the record of its build where there is one.

import type { BuildRecord } from '../../build/cache/index.ts';
import type { Digest } from '../../core/index.ts';
import type { SourceLine } from '../../insight/inspect/index.ts';
import type { OpenedImage } from '../../oci/image/index.ts';
import type { ImageOrigins } from '../image-origins.ts';

/** An instruction, as far as it is known. */
export interface InstructionOrigin {
  /** As the history has it: not to be shown as it is. */
  readonly text: string;
  /** Path of the Dockerfile, and the line. */
  readonly dockerfile?: string;
  readonly line?: number;
  /** It came with the base image, as the record of the build tells. */
  readonly base: boolean;
  /** Index of the entry in the history. */
  readonly entry?: number;
}

/** The instruction of each layer, from the base upwards. */
export function layerOrigins(
  { config }: OpenedImage,
  record: BuildRecord | undefined,
  known: ImageOrigins,
): readonly InstructionOrigin[] {
  const entries = (config.history ?? []).map((entry, index) => ({ entry, index }));
  const making = entries.filter(({ entry }) => !entry.empty_layer);
  const steps = new Map(
    (record?.steps ?? []).flatMap((step) => (step.layer ? [[step.layer, step] as const] : [])),
  );
  const ofBase = known.base?.layers ?? 0;
  return config.rootfs.diff_ids.map((diffId, i) => {
    const step = steps.get(diffId);
    const made = making[i];
    return {
      text: step?.instruction ?? made?.entry.created_by ?? '',
      ...(made ? { entry: made.index } : {}),
      ...placeOf(record, step?.line, known.lines.get(diffId)),
      base: i < ofBase,
    };
  });
}

function placeOf(
  record: BuildRecord | undefined,
  line: number | undefined,
  known: SourceLine | undefined,
): { dockerfile?: string; line?: number } {
  if (record && line !== undefined) return { dockerfile: record.dockerfile, line };
  return known ? { dockerfile: known.file, line: known.line } : {};
}

/** The instruction of a layer of another stage, or of a cache. */
export function stageOrigin(
  diffId: Digest,
  { record, known }: { readonly record: BuildRecord | undefined; readonly known: ImageOrigins },
): InstructionOrigin {
  const step = record?.steps.find(({ layer }) => layer === diffId);
  return {
    text: step?.instruction ?? '',
    ...placeOf(record, step?.line, known.lines.get(diffId)),
    base: false,
  };
}

/**
 * Whether an entry of the history is the base's, by its layers.
 * @param least entries that are the base's in any case
 */
export function baseEntries(
  origins: readonly InstructionOrigin[],
  least: number,
): (index: number) => boolean {
  const last = origins.findLast(({ base }) => base)?.entry ?? -1;
  return (index) => index <= last || index < least;
}
