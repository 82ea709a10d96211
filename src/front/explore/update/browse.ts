// Keys while layers and files are on the screen.

import { baseName } from '../../../core/index.ts';
import { layoutOf, panes } from '../layout.ts';
import { isDirectory, isOpen } from '../rows.ts';
import { chosenNode, type ExplorerState, layerRows, listedWaste, rebuild } from '../state.ts';
import { fileAt } from '../versions.ts';
import { moved } from './move.ts';
import { prompt } from './prompt.ts';
import { only, type Step } from './step.ts';

/** Takes a key. */
export function browse(state: ExplorerState, key: string): Step {
  const common = COMMON[key];
  if (common) return common(state);
  if (state.pane === 'layers') return only(layersKey(state, key));
  if (state.pane === 'details') return only(detailsKey(state, key));
  return filesKey(state, key);
}

const NEXT_ONLY = { all: 'changed', changed: 'all', wasted: 'changed' } as const;

/** Keys that mean the same in all panes. */
const COMMON: Readonly<Record<string, (state: ExplorerState) => Step>> = {
  q: (state) => ({ state, effects: [{ type: 'quit' }] }),
  '?': (state) => only({ ...state, help: 0 }),
  tab: (state) => only(otherPane(state, 1)),
  'shift-tab': (state) => only(otherPane(state, -1)),
  s: (state) => only(rebuild(state, { sort: state.sort === 'size' ? 'name' : 'size' })),
  a: (state) => only(rebuild(state, { scope: state.scope === 'stack' ? 'layer' : 'stack' })),
  c: (state) => only(chooseOnly(state, NEXT_ONLY[state.only])),
  w: (state) => only(chooseOnly(state, state.only === 'wasted' ? 'all' : 'wasted')),
  b: (state) => only(foldBase(state)),
  o: (state) => only({ ...state, attributes: !state.attributes }),
  i: (state) => only({ ...state, waste: { items: listedWaste(state), place: { at: 0, top: 0 } } }),
  E: (state) => only(rebuild(state, { open: true, toggled: new Set() })),
  C: (state) => only(rebuild(state, { open: false, toggled: new Set() })),
  '/': (state) => only(prompt(state, { kind: 'filter' }, state.filterText.text)),
  escape: (state) => only(widen(state)),
  '[': (state) => only(chooseLayer(state, state.layer - 1)),
  ']': (state) => only(chooseLayer(state, state.layer + 1)),
};

function otherPane(state: ExplorerState, by: number): ExplorerState {
  const there = panes(layoutOf(state));
  const at = (there.indexOf(state.pane) + by + there.length) % there.length;
  return { ...state, pane: there[at]! };
}

/** Escape takes back what narrows the tree, the filter first. */
function widen(state: ExplorerState): ExplorerState {
  if (state.filterText.text !== '') {
    return rebuild(state, { filterText: { ...state.filterText, text: '' }, open: false, toggled: new Set() });
  }
  return state.only === 'all' ? state : chooseOnly(state, 'all');
}

/** What little is left is shown open: nobody looks for it directory by directory. */
function chooseOnly(state: ExplorerState, wanted: ExplorerState['only']): ExplorerState {
  const open = wanted !== 'all' || state.filterText.text !== '';
  return rebuild(state, { only: wanted, open, toggled: new Set() });
}

function foldBase(state: ExplorerState): ExplorerState {
  const next = { ...state, foldBase: !state.foldBase };
  const first = layerRows(next)[0]!.layer;
  return next.foldBase && state.layer < first ? rebuild(next, { layer: first }) : next;
}

function chooseLayer(state: ExplorerState, layer: number): ExplorerState {
  const least = layerRows(state)[0]!.layer;
  const chosen = Math.max(least, Math.min(layer, state.image.layers.length - 1));
  return chosen === state.layer ? state : { ...rebuild(state, { layer: chosen }), detailsTop: 0 };
}

function layersKey(state: ExplorerState, key: string): ExplorerState {
  if (key === 'enter' || key === 'right' || key === 'l') return { ...state, pane: 'files' };
  const rows = layerRows(state);
  const at = rows.findIndex(({ layer }) => layer === state.layer);
  const to = moved(key, at, { rows: rows.length, page: layoutOf(state).layers });
  return to === undefined ? state : chooseLayer(state, rows[to]!.layer);
}

function detailsKey(state: ExplorerState, key: string): ExplorerState {
  const to = moved(key, state.detailsTop, { rows: 10_000, page: layoutOf(state).details });
  return to === undefined || key === 'end' || key === 'G' ? state : { ...state, detailsTop: to };
}

function filesKey(state: ExplorerState, key: string): Step {
  const { tree, image } = state;
  const { rows, place } = tree;
  const to = moved(key, place.at, { rows: rows.nodes.length, page: layoutOf(state).files });
  if (to !== undefined) {
    return only({ ...state, detailsTop: 0, tree: { ...tree, place: { ...place, at: to } } });
  }
  const node = chosenNode(state);
  if (node === undefined) return only(state);
  const directory = isDirectory(image.history, tree.view, node);
  switch (key) {
    case 'enter':
      return directory ? only(toggle(state, node)) : view(state, node);
    case ' ':
      return only(directory ? toggle(state, node) : state);
    case 'v':
      return view(state, node);
    case 'x':
      return extract(state, node);
    case 'right':
    case 'l':
      return only(directory && !isOpen(state, node) ? toggle(state, node) : state);
    case 'left':
    case 'h':
      return only(directory && isOpen(state, node) ? toggle(state, node) : toParent(state, node));
    default:
      return only(state);
  }
}

function toggle(state: ExplorerState, node: number): ExplorerState {
  const toggled = new Set(state.toggled);
  if (!toggled.delete(node)) toggled.add(node);
  return rebuild(state, { toggled });
}

function toParent(state: ExplorerState, node: number): ExplorerState {
  const parent = state.image.history.parents[node]!;
  const at = state.tree.rows.nodes.lastIndexOf(parent, state.tree.place.at);
  if (at < 0) return state.pane === 'files' ? { ...state, pane: 'layers' } : state;
  return { ...state, tree: { ...state.tree, place: { ...state.tree.place, at } } };
}

function view(state: ExplorerState, node: number): Step {
  const found = fileAt(state, node);
  if ('problem' in found) return only(refuse(state, found.problem));
  const { version } = found;
  return { state: { ...state, busy: 'reading' }, effects: [{ type: 'read', node: found.node, version }] };
}

function extract(state: ExplorerState, node: number): Step {
  const found = fileAt(state, node);
  if ('problem' in found) return only(refuse(state, found.problem));
  const name = baseName(state.image.history.names[found.node]!);
  return only(prompt(state, { kind: 'extract', version: found.version }, name));
}

function refuse(state: ExplorerState, text: string): ExplorerState {
  return { ...state, message: { text, bad: true } };
}
