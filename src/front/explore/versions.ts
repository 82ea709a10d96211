// The versions of a chosen file: which one is meant, which come before and after it.

import type { ExplorerState } from './state.ts';

const MAX_LINKS = 40;

/**
 * The file that a node means where it is seen: itself, what its link leads to, or what it was before the layer removed
 * it.
 */
export function fileAt(
  state: ExplorerState,
  node: number,
): { readonly node: number; readonly version: number } | { readonly problem: string } {
  const { history } = state.image;
  let at = node;
  for (let links = 0; links <= MAX_LINKS; links++) {
    let version = state.tree.view.versions[at]!;
    if (version >= 0 && !history.versionEntries[version]) version = history.versionPrevious[version]!;
    const entry = version < 0 ? undefined : history.versionEntries[version];
    if (!entry) return { problem: 'this layer has no file there' };
    if (entry.type === 'file') return { node: at, version };
    if (entry.type === 'dir') return { problem: 'a directory: only files can be looked into and extracted' };
    if (entry.type !== 'symlink') return { problem: 'a device or pipe has no content' };
    const next = follow(state, at, entry.link!);
    if (next === undefined) return { problem: `the link leads to ${entry.link}, which is not there` };
    at = next;
  }
  return { problem: 'the link leads to itself' };
}

/** What a link leads to, from the directory of its own node; links on the way are followed. */
function follow(
  { image: { history }, tree: { view } }: ExplorerState,
  node: number,
  link: string,
): number | undefined {
  const rest = link.split('/').reverse();
  let at = link.startsWith('/') ? 0 : history.parents[node]!;
  let links = 0;
  while (rest.length > 0) {
    const name = rest.pop()!;
    if (name === '' || name === '.') continue;
    if (name === '..') {
      at = Math.max(0, history.parents[at]!);
      continue;
    }
    const next = history.children[at]?.get(name);
    if (next === undefined || view.versions[next] === -1) return undefined;
    const entry = history.versionEntries[view.versions[next]!];
    const middle = rest.some((part) => part !== '' && part !== '.');
    if (entry?.type === 'symlink' && middle) {
      if (++links > MAX_LINKS) return undefined;
      if (entry.link!.startsWith('/')) at = 0;
      rest.push(...entry.link!.split('/').reverse());
      continue;
    }
    at = next;
  }
  return at;
}

/** The version of a file before or after one, in whichever layer; undefined where there is none. */
export function otherVersion(
  { image: { history } }: ExplorerState,
  version: number,
  by: 1 | -1,
): number | undefined {
  const node = history.versionNodes[version]!;
  const files: number[] = [];
  for (let at = history.latest[node]!; at >= 0; at = history.versionPrevious[at]!) {
    if (history.versionEntries[at]?.type === 'file') files.unshift(at);
  }
  return files[files.indexOf(version) + by];
}
