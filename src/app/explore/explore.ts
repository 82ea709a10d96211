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
import {
  findBase,
  findWaste,
  layerStack,
  replayLayers,
  type StackInput,
} from '../../insight/inspect/index.ts';
import { formatPlatform, normalizePlatform, type OpenedImage } from '../../oci/image/index.ts';
import { originsOf } from '../image-origins.ts';
import { readTables, withImage } from '../open-image/open-image.ts';
import { withServices } from '../services.ts';
import { extractFile } from './extract.ts';
import { readContent } from './read-content.ts';
import type { Exploration, ExploreVerbs } from './types.ts';

/** See `ExploreVerbs.explore`. */
export const explore: ExploreVerbs['explore'] = (name, options, work) =>
  withServices('read', (services) =>
    withImage(services, name, { ...options, contents: true }, async (image) => {
      const store = await services.store();
      return work(await openExploration(image, originsOf(store, image)));
    }),
  );

/** Views that are kept: going up and down between layers must not compute them again. */
const KEPT_VIEWS = 6;

/** What is known of the layers from elsewhere. */
type Known = Pick<StackInput, 'base' | 'others' | 'lines'>;

/** Makes an image ready to be walked about in. @throws MilleError `image-invalid` for one without layers */
export async function openExploration(image: OpenedImage, known: Known = {}): Promise<Exploration> {
  if (image.layers.length === 0) {
    throw new MilleError('image-invalid', `${image.title} has no layers`, {
      hint: 'there is nothing to explore',
    });
  }
  const tables = await readTables(image);
  const layers = [];
  for (const { diffId, blob, size } of image.layers) layers.push({ diffId, blob, bytes: await size() });
  const replay = replayLayers(tables);
  const chain = layers.map(({ diffId }) => diffId);
  const base = known.base ?? findBase(chain, known.others ?? []);
  const stack = layerStack({ config: image.config, layers, replay, ...known, ...(base ? { base } : {}) });
  const waste = findWaste(replay, stack.base?.layers ?? 0);
  const history = fileHistory(replay);
  const wasted = wastedVersions(history, waste.pieces);
  const bytesWasted = wasteByVersion(history, wasted);
  const views = new Map<string, FileView>();
  return {
    title: image.title,
    platform: formatPlatform(normalizePlatform(image.config)),
    ...{ stack, layers: stack.layers, waste, history, wasted },
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

function placeOf(history: FileHistory, version: number) {
  const place = contentOf(history, version);
  if (!place) throw new Error(`version ${version} has no content`);
  return place;
}
