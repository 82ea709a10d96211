// `mille layers`: what is inside an image, layer by layer.

import { MilleError } from '../../core/index.ts';
import { findWaste, layerSizes, surveyedSizes } from '../../insight/inspect/index.ts';
import { diveOf } from './dive.ts';
import { withLeanSurvey, withSurvey } from './survey.ts';
import type { LayersOptions, LayersResult, LookSurroundings } from './types.ts';

/** See `LayerVerbs.layers`. */
export function layers(options: LayersOptions, around: LookSurroundings): Promise<LayersResult> {
  const { dive, tree } = options;
  if (typeof tree === 'number') return treeOfLayer(options, tree, around);
  return withLeanSurvey(options, around, async ({ image, about, stack, contents, layers: surveyed }) => ({
    image: about,
    stack,
    waste: findWaste(contents, stack.base?.layers ?? 0),
    ...(dive ? { dive: await diveOf(image) } : {}),
    ...(tree === undefined ? {} : { tree: surveyedSizes(surveyed) }),
  }));
}

/** What a layer does to each path, only a whole replay tells. */
function treeOfLayer(options: LayersOptions, layer: number, around: LookSurroundings): Promise<LayersResult> {
  return withSurvey(options, around, async ({ image, about, stack, contents, replay }) => {
    checkLayer(layer, replay.tables.length);
    return {
      image: about,
      stack,
      waste: findWaste(contents, stack.base?.layers ?? 0),
      ...(options.dive ? { dive: await diveOf(image) } : {}),
      tree: layerSizes(replay, layer),
    };
  });
}

/** @throws MilleError `usage` for a layer that an image does not have */
export function checkLayer(layer: number, count: number): void {
  if (layer >= 0 && layer < count) return;
  throw new MilleError('usage', `there is no layer ${layer + 1}: the image has ${count}`, {
    hint: 'they are counted from 1, the lowest',
  });
}
