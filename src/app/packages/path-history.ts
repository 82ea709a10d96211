// What the layers of an image did to some of its paths: who wrote what they show at the end, and what they showed
// before.

import { parentPath } from '../../core/index.ts';
import type { Entry, TableOfContents } from '../../oci/image/index.ts';

/** A file as one layer has it. */
export interface PathVersion {
  readonly layer: number;
  readonly entry: Entry;
}

/** The versions of some paths. */
export interface PathHistory {
  /** What is written at a path, the lowest layer first. */
  versions(path: string): readonly PathVersion[];
  /** Whether a layer above the one and not above the other deletes what is at a path. */
  deletedBetween(path: string, above: number, upTo: number): boolean;
}

/** Looks through all layers once. */
export function historyOf(tables: readonly TableOfContents[], paths: ReadonlySet<string>): PathHistory {
  const versions = new Map<string, PathVersion[]>();
  const deletions = tables.map(() => ({ whiteouts: new Set<string>(), opaque: new Set<string>() }));
  tables.forEach(({ entries }, layer) => {
    const { whiteouts, opaque } = deletions[layer]!;
    for (const entry of entries) {
      if (entry.type === 'whiteout') whiteouts.add(entry.path);
      else if (entry.type === 'opaque') opaque.add(entry.path);
      else if (paths.has(entry.path)) {
        const known = versions.get(entry.path);
        if (!known) versions.set(entry.path, [{ layer, entry }]);
        else if (known.at(-1)!.layer === layer) known.splice(-1, 1, { layer, entry });
        else known.push({ layer, entry });
      }
    }
  });
  const deletes = (layer: number, path: string) => {
    const { whiteouts, opaque } = deletions[layer]!;
    if (whiteouts.size === 0 && opaque.size === 0) return false;
    if (whiteouts.has(path)) return true;
    for (let at = path; at !== ''; ) {
      at = parentPath(at);
      if (whiteouts.has(at) || opaque.has(at)) return true;
    }
    return false;
  };
  return {
    versions: (path) => versions.get(path) ?? [],
    deletedBetween: (path, above, upTo) => {
      for (let layer = above + 1; layer <= upTo; layer++) if (deletes(layer, path)) return true;
      return false;
    },
  };
}

/**
 * The layer that brought what a file holds at the end: copies of the same content above it (a change of owner or mode
 * writes the file anew) bring nothing.
 */
export function broughtBy(history: PathHistory, path: string, shown: PathVersion): number {
  const { digest } = shown.entry;
  let layer = shown.layer;
  if (digest === undefined) return layer;
  for (const version of [...history.versions(path)].reverse()) {
    if (version.layer >= layer) continue;
    if (version.entry.digest !== digest || history.deletedBetween(path, version.layer, layer)) break;
    layer = version.layer;
  }
  return layer;
}
