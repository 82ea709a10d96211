// What is installed in an image that was just built, as an SPDX document: the same as `mille sbom` makes of it, but for
// what depends on how its layers are compressed.

import type { BuiltStage, EvaluatedBuild } from '../../build/execute/index.ts';
import { type EventSink, hideSecrets, positionAt } from '../../core/index.ts';
import { instructionText } from '../../insight/inspect/index.ts';
import { formatPlatform, formatReference, type OpenedImage, parseReference } from '../../oci/image/index.ts';
import type { Store } from '../../oci/store/index.ts';
import type { UnpackagedImage } from '../build/finish-image.ts';
import { storedLayer } from '../open-image/stored.ts';
import { takeInventory } from '../packages/inventory.ts';
import { inputOf } from '../packages/sbom-input.ts';

/** An image whose layers are in the store. */
export interface ImageToList {
  readonly build: EvaluatedBuild;
  readonly built: BuiltStage;
  readonly image: UnpackagedImage;
  /** Canonical. */
  readonly names: readonly string[];
}

/** What listing needs. */
export interface ListServices {
  readonly store: Store;
  readonly events: EventSink;
  readonly signal: AbortSignal;
}

/** Makes the document. @throws MilleError for a damaged layer; `interrupted` */
export async function listPackages(
  { store, events, signal }: ListServices,
  listed: ImageToList,
): Promise<object> {
  const { image, names } = listed;
  const opened = openBuilt(store, listed);
  const { system, packages, notes } = await takeInventory(opened, signal);
  for (const note of notes) events({ type: 'warning', message: `the inventory is not whole: ${note}` });
  const { config, imageId } = image;
  const [name] = names;
  const input = inputOf(
    {
      image: {
        title: name === undefined ? imageId : formatReference(parseReference(name)),
        origin: 'store',
        imageId,
        platform: formatPlatform(config),
        ...(config.created === undefined ? {} : { created: config.created }),
      },
      ...(system ? { system } : {}),
      layers: layersOf(listed),
      packages,
    },
    'spdx-json',
  );
  // The library beside it is large.
  const { spdx } = await import('../../insight/sbom/index.ts');
  return JSON.parse(spdx(input)) as object;
}

function openBuilt(store: Store, { built, image }: ImageToList): OpenedImage {
  const { config, imageId } = image;
  return {
    ...{ title: imageId, origin: 'store', imageId, config },
    layers: built.snapshot.layers.map(({ diffId }) =>
      storedLayer(store, diffId, store.layer(diffId)!.descriptor),
    ),
    close: async () => {},
  };
}

/** Each with its instruction, by the history, and its line. */
function layersOf({ build, built, image }: ImageToList) {
  const made = (image.config.history ?? []).filter((entry) => !entry.empty_layer);
  const lines = linesOf(build, built);
  return built.snapshot.layers.map(({ diffId }, index) => {
    const source = lines.get(diffId);
    const instruction = hideSecrets(instructionText(made[index]?.created_by ?? ''));
    return { diffId, instruction, ...(source ? { source } : {}) };
  });
}

function linesOf({ evaluations }: EvaluatedBuild, { results }: BuiltStage) {
  const lines = new Map<string, { readonly file: string; readonly line: number }>();
  for (const { steps } of evaluations.values()) {
    for (const { id, span } of steps) {
      const diffId = results.get(id)?.diffId;
      if (diffId === undefined || !span) continue;
      lines.set(diffId, { file: span.source.name, line: positionAt(span.source, span.start).line });
    }
  }
  return lines;
}
