// The rows of the tree: which nodes are shown, in which order, how deep. Directories that are closed cost nothing.

import type { FileHistory, FileView } from '../../app/index.ts';
import type { Filter } from './filter.ts';

export type Sort = 'size' | 'name';
export type Only = 'all' | 'changed' | 'wasted';

/** What decides which rows there are. */
export interface RowsOptions {
  readonly sort: Sort;
  readonly only: Only;
  readonly filter: Filter | undefined;
  /** Whether directories are open that are not in `toggled`. */
  readonly open: boolean;
  /** Directories that are the other way. */
  readonly toggled: ReadonlySet<number>;
}

/** Rows from top to bottom, as numbers. */
export interface Rows {
  readonly nodes: readonly number[];
  readonly depths: readonly number[];
  /** Bytes by node: of a directory those of all files below it that are not filtered out, seen or not. */
  readonly weights: Float64Array;
  /** How many files (anything but directories) the filter left. */
  readonly files: number;
}

/** The rows of a view. */
export function buildRows(history: FileHistory, view: FileView, options: RowsOptions): Rows {
  const shown = shownNodes(history, view, options);
  const { weights, files } = weigh(history, view, { shown, only: options.only });
  const order = compare(history, weights, options.sort);
  const nodes: number[] = [];
  const depths: number[] = [];
  const walk = (directory: number, depth: number) => {
    const children = history.children[directory];
    if (!children) return;
    const inside: number[] = [];
    for (const child of children.values()) if (shown[child] === 1) inside.push(child);
    for (const child of inside.sort(order)) {
      nodes.push(child);
      depths.push(depth);
      if (isOpen(options, child)) walk(child, depth + 1);
    }
  };
  walk(0, 0);
  return { nodes, depths, weights, files };
}

/** What is shown of directories weighs what is shown below them, so that a filter tells where its finds are. */
function weigh(
  history: FileHistory,
  view: FileView,
  { shown, only }: { readonly shown: Uint8Array; readonly only: Only },
): Pick<Rows, 'weights' | 'files'> {
  const weights = new Float64Array(shown.length);
  let files = 0;
  for (let node = shown.length - 1; node > 0; node--) {
    if (shown[node] !== 1) continue;
    if (!isDirectory(history, view, node)) {
      files++;
      weights[node]! += only === 'wasted' ? ownWaste(history, view, node) : view.sizes[node]!;
    }
    weights[history.parents[node]!]! += weights[node]!;
  }
  return { weights, files };
}

/** Without that of what was below it, where it was a directory once. */
function ownWaste({ children }: FileHistory, { wasted }: FileView, node: number): number {
  let bytes = wasted[node]!;
  for (const child of children[node]?.values() ?? []) bytes -= wasted[child]!;
  return bytes;
}

/** Whether a directory is open. */
export function isOpen({ open, toggled }: Pick<RowsOptions, 'open' | 'toggled'>, node: number): boolean {
  return open !== toggled.has(node);
}

/** Whether a node is shown as a directory: what is, or until the layer was, one. */
export function isDirectory(history: FileHistory, view: FileView, node: number): boolean {
  const version = view.versions[node]!;
  if (version < 0) return version < -1;
  const entry = history.versionEntries[version];
  if (entry) return entry.type === 'dir';
  const before = history.versionPrevious[version]!;
  return before >= 0 && history.versionEntries[before]?.type === 'dir';
}

function shownNodes(history: FileHistory, view: FileView, { only, filter }: RowsOptions): Uint8Array {
  const { parents } = history;
  const { versions, sizes, wasted, changed, changes } = view;
  const shown = new Uint8Array(parents.length);
  const paths = filter ? allPaths(history) : [];
  for (let node = parents.length - 1; node > 0; node--) {
    if (versions[node] === -1) continue;
    // With nothing left below it, a directory that matches is shown all the same; but not for sizes.
    const removedBefore = !isThere(history, view, node) && changes[node] === 0;
    const wanted =
      only === 'wasted' ? wasted[node]! > 0 : !removedBefore && (only === 'all' || changed[node] === 1);
    if (!wanted) continue;
    if (filter && shown[node] === 0) {
      const bounded = filter.least > 0 || filter.most !== Number.POSITIVE_INFINITY;
      const size = only === 'wasted' ? wasted[node]! : sizes[node]!;
      if (bounded && isDirectory(history, view, node)) continue;
      if (size < filter.least || size > filter.most) continue;
      if (!filter.matchesPath(paths[node]!)) continue;
    }
    shown[node] = 1;
    for (let at = parents[node]!; at > 0 && shown[at] === 0; at = parents[at]!) shown[at] = 1;
  }
  return shown;
}

function isThere(history: FileHistory, view: FileView, node: number): boolean {
  const version = view.versions[node]!;
  return version < -1 || history.versionEntries[version] !== undefined;
}

function compare(history: FileHistory, weights: Float64Array, sort: Sort): (a: number, b: number) => number {
  const byName = (a: number, b: number) => {
    const [one, other] = [history.names[a]!, history.names[b]!];
    return one < other ? -1 : one > other ? 1 : 0;
  };
  if (sort === 'name') return byName;
  return (a, b) => weights[b]! - weights[a]! || byName(a, b);
}

// Made once for a history: a filter is tried with every letter that is typed.
const knownPaths = new WeakMap<FileHistory, readonly string[]>();

function allPaths(history: FileHistory): readonly string[] {
  const known = knownPaths.get(history);
  if (known) return known;
  const paths: string[] = [''];
  for (let node = 1; node < history.parents.length; node++) {
    paths.push(`${paths[history.parents[node]!]}/${history.names[node]}`);
  }
  knownPaths.set(history, paths);
  return paths;
}
