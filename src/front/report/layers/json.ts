// What is inside an image, for programs. Layers are counted from 1, paths begin with a slash.

import type { CompareResult, FileResult, LayersResult } from '../../../app/index.ts';
import { displayPath } from '../../../core/index.ts';
import { sizesDocument, type TreeStyle } from './tree.ts';

type Layer = LayersResult['stack']['layers'][number];
type Waste = LayersResult['waste'];

/** Which parts of it. */
export interface LayersJsonParts {
  readonly waste: boolean;
  readonly tree?: TreeStyle;
}

/** The layers; with waste and tree where they were asked for. */
export function layersJson(
  { image, stack, waste, dive, tree }: LayersResult,
  parts: LayersJsonParts,
): string {
  return write({
    image,
    base: stack.base ?? null,
    ...{ bytes: stack.bytes, sentBytes: stack.sent, wastedBytes: waste.bytes, efficiency: waste.efficiency },
    layers: stack.layers.map(layerDocument),
    ...(parts.waste ? { waste: wasteDocument(waste), dive: dive ?? null } : {}),
    ...(tree && parts.tree ? { tree: sizesDocument(tree, parts.tree) } : {}),
  });
}

function layerDocument(layer: Layer) {
  // What the history says word for word has the values of build arguments in it.
  const { index, sent, source, createdBy: _, ...rest } = layer;
  return {
    layer: index + 1,
    ...rest,
    sentBytes: sent,
    ...(source ? { file: source.file, line: source.line } : {}),
  };
}

function wasteDocument({ pieces: _, groups, ...sums }: Waste) {
  return {
    ...sums,
    groups: groups.map(({ writer, hider, twinLayer, places, ...rest }) => ({
      ...rest,
      writtenBy: writer + 1,
      ...(hider === undefined ? {} : { hiddenBy: hider + 1 }),
      ...(twinLayer === undefined ? {} : { sameAsIn: twinLayer + 1 }),
      places: places.map(({ path, ...place }) => ({ path: absolute(path), ...place })),
    })),
  };
}

/** The versions of a path. */
export function versionsJson({ image, stack, path, versions }: FileResult): string {
  return write({
    image,
    path: absolute(path),
    versions: versions.map(({ layer, kind, entry, aspects, deleted }) => {
      const { instruction, source } = stack.layers[layer]!;
      return {
        ...{ layer: layer + 1, change: kind },
        ...(aspects ? { aspects } : {}),
        ...(deleted === undefined ? {} : { deleted: absolute(deleted) }),
        ...(entry
          ? { ...entry, path: absolute(entry.path), mode: entry.mode.toString(8).padStart(4, '0') }
          : {}),
        instruction,
        ...(source ? { file: source.file, line: source.line } : {}),
      };
    }),
  });
}

/** Two versions compared. */
export function comparedJson({ path, layers, diff }: CompareResult): string {
  return write({ path: absolute(path), layers: layers.map((layer) => layer + 1), ...diff });
}

function absolute(path: string): string {
  return `/${displayPath(path)}`;
}

function write(document: unknown): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
