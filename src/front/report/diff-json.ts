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
    packages,
    groups: result.groups.map(({ shown: _, ...group }) => group),
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
    sent,
    files: tree.files,
    bytes: tree.bytes,
  };
}

function fileJson({ path, kind, aspects, before, after, cause }: FileChange) {
  return {
    ...{ path: `/${path}`, kind },
    ...(aspects.length === 0 ? {} : { aspects }),
    ...(before ? { before: entryJson(before) } : {}),
    ...(after ? { after: entryJson(after) } : {}),
    cause,
  };
}

function entryJson({ path: _, mode, ...entry }: NonNullable<FileChange['before']>) {
  return { ...entry, mode: mode.toString(8).padStart(4, '0') };
}
