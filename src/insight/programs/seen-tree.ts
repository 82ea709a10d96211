// The files of a stack of layers as a container sees them, by their real paths, with links that can be followed.

import { joinRelative, parentPath } from '../../core/index.ts';
import type { Entry, TableOfContents } from '../../oci/image/index.ts';

/** The files. */
export interface SeenTree {
  /** By clean path; links are not followed. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** The layer that made a path what it is. */
  readonly layers: ReadonlyMap<string, number>;
  /**
   * What is met on the way to a path: the links, and what is there at the end.
   * @returns undefined where nothing is
   */
  follow(path: string): readonly string[] | undefined;
}

/** Links that are followed, at most. */
const MOST_LINKS = 40;

/** Stacks tables of contents, bottom first. */
export function seenTree(tables: readonly TableOfContents[]): SeenTree {
  const entries = new Map<string, Entry>();
  const layers = new Map<string, number>();
  tables.forEach((table, layer) => {
    remove(entries, table.entries);
    for (const entry of table.entries) {
      if (entry.type === 'whiteout' || entry.type === 'opaque') continue;
      entries.set(entry.path, entry);
      layers.set(entry.path, layer);
    }
  });
  for (const path of layers.keys()) if (!entries.has(path)) layers.delete(path);
  return { entries, layers, follow: (path) => follow(entries, path) };
}

/** Takes away what a layer deletes of those below it. */
function remove(entries: Map<string, Entry>, made: readonly Entry[]): void {
  const whole = new Set<string>();
  const inside = new Set<string>();
  for (const { path, type } of made) {
    if (type === 'whiteout') whole.add(path);
    else if (type === 'opaque') inside.add(path);
    // What takes the place of a directory.
    else if (type !== 'dir' && entries.get(path)?.type === 'dir') whole.add(path);
  }
  if (whole.size === 0 && inside.size === 0) return;
  for (const path of [...entries.keys()]) {
    if (whole.has(path)) entries.delete(path);
    else
      for (let above = parentPath(path); ; above = parentPath(above)) {
        if (whole.has(above) || inside.has(above)) {
          entries.delete(path);
          break;
        }
        if (above === '') break;
      }
  }
}

function follow(entries: ReadonlyMap<string, Entry>, path: string): readonly string[] | undefined {
  const met: string[] = [];
  let rest = path.split('/').filter((name) => name !== '' && name !== '.');
  let at = '';
  let links = 0;
  while (rest.length > 0) {
    const [name = '', ...others] = rest;
    rest = others;
    if (name === '..') {
      at = parentPath(at);
      continue;
    }
    const here = at === '' ? name : joinRelative(at, name);
    const entry = entries.get(here);
    // Layers need not list the directories above what they bring.
    if (entry?.type !== 'symlink') {
      at = here;
      continue;
    }
    if (++links > MOST_LINKS) return undefined;
    met.push(here);
    const target = entry.link ?? '';
    if (target.startsWith('/')) at = '';
    rest = [...target.split('/').filter((one) => one !== '' && one !== '.'), ...rest];
  }
  return at === '' || entries.has(at) ? [...met, at] : undefined;
}
