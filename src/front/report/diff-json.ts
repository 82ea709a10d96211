// Two images compared, for programs.

import type { DiffResult, DiffSide, FileChange } from '../../app/index.ts';
import { causeJson } from './layer-cause.ts';

/** What `mille diff --format json` prints. */
export function diffJson(result: DiffResult): string {
  const {
    before,
    after,
    sharedLayers,
    equal,
    config,
    packages,
    files,
    sameFiles,
    timesOnly,
    bytecodeOnly,
    notes,
  } = result;
  const document = {
    ...{ before: sideJson(before), after: sideJson(after), sharedLayers, equal },
    config,
    packages: packages.map((one) => ({ ...one, cause: causeOf(one) })),
    groups: result.groups.map(({ shown: _, ...group }) => ({ ...group, cause: causeOf(group) })),
    files: files.map(fileJson),
    ...{ sameFiles, timesOnly, bytecodeOnly, notes },
    ...(result.text ? { text: result.text } : {}),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function sideJson({ image, layers, bytes, sent, tree }: DiffSide) {
  return {
    ...image,
    layers: layers.map(causeJson),
    layerBytes: bytes,
    sentBytes: sent,
    files: tree.files,
    bytes: tree.bytes,
  };
}

/** By the number that the layer has in its image. */
function causeOf({ cause: { side, layer } }: Pick<FileChange, 'cause'>) {
  return { side, layer: layer + 1 };
}

function fileJson(change: FileChange) {
  const { path, kind, aspects, before, after } = change;
  return {
    ...{ path: `/${path}`, kind },
    ...(aspects.length === 0 ? {} : { aspects }),
    ...(before ? { before: entryJson(before) } : {}),
    ...(after ? { after: entryJson(after) } : {}),
    cause: causeOf(change),
  };
}

function entryJson({ path: _, mode, ...entry }: NonNullable<FileChange['before']>) {
  return { ...entry, mode: mode.toString(8).padStart(4, '0') };
}
