// `mille layers -i`: an image opened, and kept open, for somebody who walks about in it.

import { MilleError } from '../../core/index.ts';
import {
  contentOf,
  type FileHistory,
  type FileView,
  fileHistory,
  viewFiles,
  wasteByVersion,
  wastedVersions,
} from '../../insight/explore/index.ts';
import { findWaste, type Waste } from '../../insight/inspect/index.ts';
import { type Survey, withSurvey } from '../layers/survey.ts';
import { extractFile } from './extract.ts';
import { readContent } from './read-content.ts';
import type { Exploration, ExploreVerbs } from './types.ts';

/** See `ExploreVerbs.explore`. */
export const explore: ExploreVerbs['explore'] = (options, signal, work) =>
  withSurvey(options, { signal, contents: true }, async (survey) => work(makeExploration(survey)));

/** Views that are kept: going up and down between layers must not compute them again. */
const KEPT_VIEWS = 6;

/** Makes an image ready to be walked about in. @throws MilleError `image-invalid` for one without layers */
function makeExploration({ image, about, stack, contents, replay }: Survey): Exploration {
  const { layers } = stack;
  if (layers.length === 0) {
    throw new MilleError('image-invalid', `${about.title} has no layers`, {
      hint: 'there is nothing to explore',
    });
  }
  const waste = findWaste(contents, stack.base?.layers ?? 0);
  const history = fileHistory(replay);
  const wasted = wastedVersions(history, waste.pieces);
  const bytesWasted = wasteByVersion(history, wasted);
  const views = new Map<string, FileView>();
  return {
    title: about.title,
    platform: about.platform,
    ...{ stack, layers, waste, history, wasted, wastedBy: wasteByLayer(waste, layers.length) },
    view(layer, scope) {
      const key = `${scope} ${layer}`;
      const view = views.get(key) ?? viewFiles(history, { layer, scope }, bytesWasted);
      views.delete(key);
      views.set(key, view);
      if (views.size > KEPT_VIEWS) views.delete(views.keys().next().value!);
      return view;
    },
    read: (version, limit, signal) => readContent(image, placeOf(history, version), { limit, signal }),
    extract: (version, target, signal) =>
      extractFile(image, placeOf(history, version), { ...target, signal }),
  };
}

function wasteByLayer({ pieces }: Waste, layers: number): number[] {
  const bytes = Array<number>(layers).fill(0);
  for (const piece of pieces) bytes[piece.writer]! += piece.bytes;
  return bytes;
}

function placeOf(history: FileHistory, version: number) {
  const place = contentOf(history, version);
  if (!place) throw new Error(`version ${version} has no content`);
  return place;
}
