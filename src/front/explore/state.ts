// All that the explorer knows at one moment. Values never change: an update makes a new state.

import type { ExploredImage, FileView, Scope, WastedVersion } from '../../app/index.ts';
import { type Filter, type FilterText, parseFilter } from './filter.ts';
import { buildRows, type Only, type Rows, type Sort } from './rows.ts';
import type { Viewer } from './viewer.ts';

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** The part of the screen that keys go to. */
export type Pane = 'layers' | 'files' | 'details';

/** A place in a list: the row that is chosen, and the first that is on the screen. */
export interface Place {
  readonly at: number;
  readonly top: number;
}

/** The tree as it is shown. */
export interface Tree {
  readonly view: FileView;
  readonly rows: Rows;
  readonly place: Place;
}

/** A line of text that is being typed. */
export interface Prompt {
  readonly purpose:
    | { readonly kind: 'filter' }
    | { readonly kind: 'search' }
    | { readonly kind: 'extract'; readonly version: number };
  readonly text: string;
  /** Where the next letter goes, in UTF-16 units. */
  readonly cursor: number;
}

/** A question that `y` says yes to. */
export interface Question {
  readonly text: string;
  readonly version: number;
  readonly path: string;
}

/** The list of all that is wasted. */
export interface WasteList {
  readonly items: readonly WastedVersion[];
  readonly place: Place;
}

export interface ExplorerState {
  readonly image: ExploredImage;
  readonly size: ScreenSize;
  readonly pane: Pane;
  /** The layer chosen, and the first row of the list that is on the screen. */
  readonly layer: number;
  readonly layersTop: number;
  readonly detailsTop: number;
  readonly scope: Scope;
  readonly sort: Sort;
  readonly only: Only;
  readonly filterText: FilterText;
  /** Whether directories are open that are not in `toggled`. */
  readonly open: boolean;
  readonly toggled: ReadonlySet<number>;
  /** The layers of the base image are one row, and what they waste is not listed. */
  readonly foldBase: boolean;
  /** Mode and owner are shown. */
  readonly attributes: boolean;
  readonly tree: Tree;
  readonly prompt?: Prompt | undefined;
  readonly question?: Question | undefined;
  readonly viewer?: Viewer | undefined;
  readonly waste?: WasteList | undefined;
  /** The first line of the help that is on the screen. */
  readonly help?: number | undefined;
  /** What is being done outside. */
  readonly busy?: string | undefined;
  readonly message?: { readonly text: string; readonly bad: boolean } | undefined;
}

/** How the explorer begins: at the top of the stack, all of it, the biggest first. */
export function initialState(image: ExploredImage, size: ScreenSize): ExplorerState {
  const layer = image.layers.length - 1;
  const view = image.view(layer, 'stack');
  const bare = {
    image,
    size,
    pane: 'layers' as const,
    layer,
    layersTop: 0,
    detailsTop: 0,
    scope: 'stack' as const,
    sort: 'size' as const,
    only: 'all' as const,
    filterText: { text: '', regex: false },
    open: false,
    toggled: new Set<number>(),
    foldBase: false,
    attributes: false,
    tree: {
      view,
      rows: { nodes: [], depths: [], weights: new Float64Array(1), files: 0 },
      place: { at: 0, top: 0 },
    },
  };
  return rebuild(bare, {});
}

/** The state with some changes that decide which rows the tree has; the row that was chosen stays so where it can. */
export function rebuild(
  state: ExplorerState,
  changes: Partial<
    Pick<ExplorerState, 'layer' | 'scope' | 'sort' | 'only' | 'filterText' | 'open' | 'toggled'>
  >,
  wanted: number | undefined = chosenNode(state),
): ExplorerState {
  const next = { ...state, ...changes };
  const { image, layer, scope, sort, only, open, toggled } = next;
  const view = image.view(layer, scope);
  const filter = filterOf(next);
  const rows = buildRows(image.history, view, { sort, only, filter, open, toggled });
  const found = wanted === undefined ? -1 : rows.nodes.indexOf(wanted);
  const at = found >= 0 ? found : Math.max(0, Math.min(state.tree.place.at, rows.nodes.length - 1));
  return { ...next, tree: { view, rows, place: { at, top: state.tree.place.top } } };
}

/** The filter in force: none while what is typed is wrong. */
function filterOf({ filterText }: ExplorerState): Filter | undefined {
  const filter = parseFilter(filterText);
  return filter && 'problem' in filter ? undefined : filter;
}

/** The node of the chosen row. */
export function chosenNode({ tree }: ExplorerState): number | undefined {
  return tree.rows.nodes[tree.place.at];
}

/** A row of the list of layers: one layer, or all of the base's. */
export interface LayerRow {
  /** The layer that is chosen with the row. */
  readonly layer: number;
  /** Of a row for the base: how many layers it stands for. */
  readonly base?: number;
}

/** How many layers are the base image's. */
export function baseLayers({ layers }: ExploredImage): number {
  return layers.filter(({ origin }) => origin === 'base').length;
}

/** The rows of the list of layers, from the base up. */
export function layerRows({ image, foldBase }: ExplorerState): LayerRow[] {
  const base = foldBase ? baseLayers(image) : 0;
  const rows = image.layers.slice(base).map(({ index }): LayerRow => ({ layer: index }));
  return base > 0 ? [{ layer: base - 1, base }, ...rows] : rows;
}

/** The wasted versions that are listed. */
export function listedWaste({ image, foldBase }: ExplorerState): readonly WastedVersion[] {
  return foldBase ? image.wasted.filter(({ piece }) => piece.scope !== 'base') : image.wasted;
}

/** A place in a list of so many rows on so many lines: inside of it, and with the chosen row on the screen. */
export function settle({ at, top }: Place, rows: number, lines: number): Place {
  const chosen = Math.max(0, Math.min(at, rows - 1));
  const room = Math.max(1, lines);
  const highest = Math.max(0, rows - room);
  const first = chosen < top ? chosen : chosen >= top + room ? chosen - room + 1 : top;
  return { at: chosen, top: Math.max(0, Math.min(first, highest)) };
}
