// `mille layers`: what is inside an image, layer by layer.

import { MilleError } from '../../core/index.ts';
import {
  diveFigures,
  findWaste,
  imageSizes,
  layerSizes,
  type Replay,
  type SizeNode,
  surveyedSizes,
} from '../../insight/inspect/index.ts';
import { withLeanSurvey, withSurvey } from './survey.ts';
import type { LayersOptions, LayersResult, LookSurroundings } from './types.ts';

/** See `LayerVerbs.layers`. */
export function layers(options: LayersOptions, around: LookSurroundings): Promise<LayersResult> {
  const { dive, tree } = options;
  if (!dive && (tree === undefined || tree === 'image')) {
    return withLeanSurvey(options, around, async ({ about, stack, contents, layers: surveyed }) => ({
      image: about,
      stack,
      waste: findWaste(contents, stack.base?.layers ?? 0),
      ...(tree === undefined ? {} : { tree: surveyedSizes(surveyed) }),
    }));
  }
  return withSurvey(options, around, async ({ about, stack, contents, replay }) => ({
    image: about,
    stack,
    waste: findWaste(contents, stack.base?.layers ?? 0),
    ...(options.dive ? { dive: diveFigures(replay.tables) } : {}),
    ...(options.tree === undefined ? {} : { tree: treeOf(replay, options.tree) }),
  }));
}

function treeOf(replay: Replay, tree: 'image' | number): SizeNode {
  if (tree === 'image') return imageSizes(replay);
  checkLayer(tree, replay.tables.length);
  return layerSizes(replay, tree);
}

/** @throws MilleError `usage` for a layer that an image does not have */
export function checkLayer(layer: number, count: number): void {
  if (layer >= 0 && layer < count) return;
  throw new MilleError('usage', `there is no layer ${layer + 1}: the image has ${count}`, {
    hint: 'they are counted from 1, the lowest',
  });
}
