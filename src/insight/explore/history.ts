// The history of every name of a stack of layers, as numbers in arrays.

import { parentPath } from '../../core/index.ts';
import type { Entry } from '../../oci/image/index.ts';
import type { Replay } from '../inspect/index.ts';
import { changeOf } from './version.ts';

/** Numbers stand for names (nodes) and for what layers made of them (versions). Parents have smaller numbers. */
export interface FileHistory {
  readonly layers: number;
  /** Of each node: its name, '' for the root, which is node 0; and the directory that it is in. */
  readonly names: readonly string[];
  readonly parents: readonly number[];
  /** The names in each directory, in the order in which they were first seen. */
  readonly children: readonly (ReadonlyMap<string, number> | undefined)[];
  /** Of each version, layer after layer: node, layer, entry (absent: removed), change as its place in `CHANGES`. */
  readonly versionNodes: readonly number[];
  readonly versionLayers: readonly number[];
  readonly versionEntries: readonly (Entry | undefined)[];
  readonly versionChanges: readonly number[];
  /** The version that has the bytes: itself, or for a hard link that of its file. */
  readonly versionContents: readonly number[];
  /** Of each version that has bytes itself, where they are. */
  readonly contents: readonly (ContentPlace | undefined)[];
  /** The version of the same node before it; -1 for the first. */
  readonly versionPrevious: readonly number[];
  /** The number of versions of all layers up to each one. */
  readonly ends: readonly number[];
  /** Of each node, the version at the top of the stack; -1 where no layer changes it. */
  readonly latest: readonly number[];
}

/** Where the bytes of a file are. */
export interface ContentPlace {
  readonly layer: number;
  /** Of the layer's table. */
  readonly entry: Entry;
}

/** The history of a stack. */
export function fileHistory({ changes, tables }: Pick<Replay, 'changes' | 'tables'>): FileHistory {
  const names = [''];
  const parents = [-1];
  const children: (Map<string, number> | undefined)[] = [new Map()];
  const latest = [-1];
  const versions = { nodes: [], layers: [], entries: [], changes: [], contents: [], previous: [] } as {
    [key in 'nodes' | 'layers' | 'changes' | 'contents' | 'previous']: number[];
  } & { entries: (Entry | undefined)[] };
  const ends: number[] = [];
  const carriers = new Map<Entry, number>();
  const contents: (ContentPlace | undefined)[] = [];

  // Changes come directory by directory: the last one found is most often meant again.
  let lastPath = '';
  let lastNode = 0;
  const directory = (path: string): number => {
    if (path === '') return 0;
    if (path === lastPath) return lastNode;
    const node = nodeAt(path);
    children[node] ??= new Map();
    lastPath = path;
    lastNode = node;
    return node;
  };
  const nodeAt = (path: string): number => {
    if (path === '') return 0;
    const parent = directory(parentPath(path));
    const inside = children[parent]!;
    const name = path.slice(path.lastIndexOf('/') + 1);
    const known = inside.get(name);
    if (known !== undefined) return known;
    const node = names.length;
    inside.set(name, node);
    names.push(name);
    parents.push(parent);
    children.push(undefined);
    latest.push(-1);
    return node;
  };

  for (const [layer, list] of changes.entries()) {
    for (const change of list) {
      const node = nodeAt(change.path);
      const version = versions.nodes.length;
      const { after, content } = change;
      let carrier = version;
      if (content?.type === 'file') {
        carrier = carriers.get(content) ?? version;
        if (carrier === version) carriers.set(content, version);
      }
      versions.nodes.push(node);
      versions.layers.push(layer);
      versions.entries.push(after);
      versions.changes.push(changeOf(change));
      versions.contents.push(carrier);
      versions.previous.push(latest[node]!);
      contents.push(content?.type === 'file' && carrier === version ? { layer, entry: content } : undefined);
      latest[node] = version;
    }
    ends.push(versions.nodes.length);
  }
  return {
    ...{ layers: tables.length, names, parents, children, latest, ends, contents },
    versionNodes: versions.nodes,
    versionLayers: versions.layers,
    versionEntries: versions.entries,
    versionChanges: versions.changes,
    versionContents: versions.contents,
    versionPrevious: versions.previous,
  };
}

/** A clean path of a node. */
export function pathOf({ names, parents }: FileHistory, node: number): string {
  const parts: string[] = [];
  for (let at = node; at > 0; at = parents[at]!) parts.push(names[at]!);
  return parts.reverse().join('/');
}

/** The node of a clean path, no link followed. */
export function findNode({ children }: FileHistory, path: string): number | undefined {
  if (path === '') return 0;
  let node: number | undefined = 0;
  for (const name of path.split('/')) node = node === undefined ? undefined : children[node]?.get(name);
  return node;
}

/** Where the bytes of a version of a file are; undefined for what is no file. */
export function contentOf(
  { contents, versionContents }: FileHistory,
  version: number,
): ContentPlace | undefined {
  return contents[versionContents[version]!];
}
