// The figures of an image that a budget is about.

import { formatSize } from '../../core/index.ts';
import type { BudgetFigures } from '../../insight/budget/index.ts';
import { findWaste, layerStack, replayLayers, type WastePiece } from '../../insight/inspect/index.ts';
import type { OpenedImage } from '../../oci/image/index.ts';
import { originsOf } from '../image-origins.ts';
import { readTables } from '../open-image/open-image.ts';
import type { Services } from '../services.ts';

/** Figures, and whether the base image is known. */
export interface TakenFigures extends Omit<BudgetFigures, 'reference'> {
  readonly hasBase: boolean;
}

/** Takes the figures of an image. @param sizes bytes of its layers, as they are to be counted */
export async function takeFigures(
  services: Services,
  image: OpenedImage,
  { sizes, waste }: { readonly sizes: readonly number[]; readonly waste: 'own' | 'all' },
): Promise<TakenFigures> {
  const store = await services.store();
  const replay = replayLayers(await readTables(image));
  const layers = [];
  for (const { diffId, blob, size } of image.layers) layers.push({ diffId, blob, bytes: await size() });
  const origins = originsOf(store, image);
  const { base } = origins;
  const stack = layerStack({ config: image.config, layers, replay, ...origins });
  const found = findWaste(replay, base?.layers ?? 0);
  const ownFiles = stack.layers.reduce(
    (sum, one) => (one.origin === 'own' ? sum + one.contentBytes : sum),
    0,
  );
  const pieces = found.pieces.filter(({ scope }) => waste === 'all' || scope === 'own');
  return {
    hasBase: base !== undefined,
    layers: stack.layers.map(({ index, origin, instruction, source }) => ({
      ...{ index, bytes: sizes[index]!, own: origin === 'own', instruction },
      ...(source ? { dockerfile: source.file, line: source.line } : {}),
    })),
    waste: {
      own: { bytes: found.byScope.own, of: ownFiles },
      all: { bytes: found.bytes, of: found.contentBytes },
    },
    wasted: pieces.slice(0, 3).map(describe),
    *files() {
      for (const { path, entry, hidden } of replay.contents) {
        if (!hidden) yield { path: `/${path}`, bytes: entry.size };
      }
    },
  };
}

function describe({ kind, bytes, path, writer, hider, twin }: WastePiece): string {
  const by = hider === undefined ? '' : ` by layer ${hider + 1}`;
  const words = {
    overwritten: `overwritten${by}`,
    rewritten: `written again${by}`,
    deleted: `deleted${by}`,
    moved: `moved${by}`,
    duplicate: `the same as /${twin?.path ?? ''}`,
  }[kind];
  return `${formatSize(bytes)} in /${path} of layer ${writer + 1}, ${words}`;
}
