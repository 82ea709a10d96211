// The tree as seen at one layer of the stack, with what every directory holds added up.

import type { FileHistory } from './history.ts';

/** `stack`: all that is there once the layer is on top. `layer`: what the layer itself lists. */
export type Scope = 'stack' | 'layer';

/** Arrays by node. */
export interface FileView {
  readonly layer: number;
  readonly scope: Scope;
  /** The version shown, `UNLISTED` where there is none, -1 where the node is not seen. A directory that leads to something seen is seen. */
  readonly versions: Int32Array;
  /** Change by the layer itself, as its place in `CHANGES`; 0 where there is none. */
  readonly changes: Uint8Array;
  /** Bytes, of directories those of all that is seen below. What the layer removes counts nothing. */
  readonly sizes: Float64Array;
  /** Bytes written by the layer (scope `layer`) or by all up to it that nobody sees at the end, below as well. */
  readonly wasted: Float64Array;
  /** How many names other than directories are seen there or below. */
  readonly files: Uint32Array;
  /** Whether the layer changed something there or below. */
  readonly changed: Uint8Array;
}

/** A version of directories that are seen although no layer lists them: the root of most images. */
const UNLISTED = -2;

/**
 * Computes a view.
 * @param wasteOf bytes of each version that are wasted, by version
 */
export function viewFiles(
  history: FileHistory,
  where: { readonly layer: number; readonly scope: Scope },
  wasteOf: Float64Array,
): FileView {
  const { parents, versionNodes, versionLayers, versionEntries, versionChanges, ends } = history;
  const { layer, scope } = where;
  const count = parents.length;
  const versions = new Int32Array(count).fill(-1);
  const changes = new Uint8Array(count);
  const sizes = new Float64Array(count);
  const wasted = new Float64Array(count);
  const files = new Uint32Array(count);
  const changed = new Uint8Array(count);
  versions[0] = lastVersion(history, 0, layer);
  const own = layer === 0 ? 0 : ends[layer - 1]!;
  for (let v = scope === 'layer' ? own : 0; v < ends[layer]!; v++) {
    const node = versionNodes[v]!;
    versions[node] = v;
    wasted[node]! += wasteOf[v]!;
  }
  for (let v = own; v < ends[layer]!; v++) {
    const change = versionChanges[v]!;
    changes[versionNodes[v]!] = change;
  }
  /** The bytes of a file with several names are those of its first one, while that is there. */
  const counted = new Set<number>();
  const counts = (version: number) => {
    const carrier = history.versionContents[version]!;
    if (carrier === version) return true;
    if (versions[versionNodes[carrier]!] === carrier || counted.has(carrier)) return false;
    counted.add(carrier);
    return true;
  };
  for (let node = count - 1; node > 0; node--) {
    const version = versions[node]!;
    const parent = parents[node]!;
    if (version >= 0) {
      const entry = versionEntries[version];
      if (entry === undefined && versionLayers[version] !== layer) {
        // Removed below: only what it wasted is still of interest.
        if (wasted[node] === 0) versions[node] = -1;
      } else if (entry && entry.type !== 'dir') {
        files[node] = 1;
        if (entry.type === 'file' && counts(version)) sizes[node] = entry.size;
      }
    }
    if (changes[node] !== 0) changed[node] = 1;
    if (versions[node] === -1) continue;
    if (versions[parent] === -1) versions[parent] = lastVersion(history, parent, layer);
    sizes[parent]! += sizes[node]!;
    wasted[parent]! += wasted[node]!;
    files[parent]! += files[node]!;
    if (changed[node] !== 0) changed[parent] = 1;
  }
  return { layer, scope, versions, changes, sizes, wasted, files, changed };
}

/** What a directory that the layer doesn't list was below. */
function lastVersion({ latest, versionPrevious, ends }: FileHistory, node: number, layer: number): number {
  let version = latest[node]!;
  while (version >= ends[layer]!) version = versionPrevious[version]!;
  return version < 0 ? UNLISTED : version;
}
