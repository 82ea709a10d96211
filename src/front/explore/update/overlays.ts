// Keys while something covers the screen: the help, a file, the list of waste.

import { HELP } from '../help.ts';
import { overlayLines, wasteLines } from '../layout.ts';
import { type ExplorerState, listedWaste, rebuild, settle, type WasteList } from '../state.ts';
import { otherVersion } from '../versions.ts';
import { hexWidth, type Viewer, viewerLines } from '../viewer.ts';
import { moved } from './move.ts';
import { prompt, searched } from './prompt.ts';
import { only, type Step } from './step.ts';

/** Takes a key of the help. */
export function helpKey(state: ExplorerState, top: number, key: string): ExplorerState {
  if (['?', 'q', 'escape', 'enter'].includes(key)) return { ...state, help: undefined };
  const lines = overlayLines(state.size);
  const to = moved(key, top, { rows: Math.max(1, HELP.length - lines + 1), page: lines });
  return to === undefined ? state : { ...state, help: to };
}

const SIDEWAYS = 8;

/** Takes a key of a file that is looked into. */
export function viewerKey(state: ExplorerState, viewer: Viewer, key: string): Step {
  const lines = overlayLines(state.size);
  const rows = Math.max(1, viewerLines(viewer, state.size.columns) - lines + 1);
  const change = (changes: Partial<Viewer>) => only({ ...state, viewer: { ...viewer, ...changes } });
  const paged = key === ' ' ? 'pagedown' : key === 'enter' ? 'down' : key;
  const to = moved(paged, viewer.top, { rows, page: lines });
  if (to !== undefined) return change({ top: to });
  switch (key) {
    case 'q':
    case 'escape':
    case 'v':
      return only({ ...state, viewer: undefined });
    case '?':
      return only({ ...state, help: 0 });
    case 'right':
    case 'l':
      return change({ left: viewer.left + SIDEWAYS });
    case 'left':
    case 'h':
      return change({ left: Math.max(0, viewer.left - SIDEWAYS) });
    case 'x':
      return only(prompt(state, { kind: 'extract', version: viewer.version }, nameOf(state, viewer)));
    case 'b':
      return only(toggleHex(state, viewer));
    case '/':
      return only(prompt(state, { kind: 'search' }, ''));
    case 'n':
      return only(searched(state, true));
    case 'N':
      return only(searched(state, false));
    case '[':
      return otherLayer(state, viewer, -1);
    case ']':
      return otherLayer(state, viewer, 1);
    default:
      return only(state);
  }
}

function nameOf({ image: { history } }: ExplorerState, { node }: Viewer): string {
  return history.names[node]!;
}

/** Text or bytes, at about the same place. */
function toggleHex(state: ExplorerState, viewer: Viewer): ExplorerState {
  if (!viewer.isText) return { ...state, message: { text: 'no text: it is shown as bytes only', bad: true } };
  const width = hexWidth(state.size.columns);
  const top = viewer.hex ? 0 : Math.floor((viewer.starts[viewer.top] ?? 0) / width);
  return { ...state, viewer: { ...viewer, hex: !viewer.hex, top, left: 0 } };
}

function otherLayer(state: ExplorerState, viewer: Viewer, by: 1 | -1): Step {
  const version = otherVersion(state, viewer.version, by);
  if (version === undefined) {
    const text = by < 0 ? 'no earlier layer has this file' : 'no later layer has this file';
    return only({ ...state, message: { text, bad: false } });
  }
  return { state: { ...state, busy: 'reading' }, effects: [{ type: 'read', node: viewer.node, version }] };
}

/** Takes a key of the list of waste. */
export function wasteKey(state: ExplorerState, list: WasteList, key: string): ExplorerState {
  const lines = wasteLines(state.size);
  const { items, place } = list;
  if (['i', 'q', 'escape'].includes(key)) return { ...state, waste: undefined };
  if (key === '?') return { ...state, help: 0 };
  if (key === 'b') {
    const next = { ...state, foldBase: !state.foldBase };
    return { ...next, waste: { items: listedWaste(next), place: { at: 0, top: 0 } } };
  }
  const chosen = items[place.at];
  if (key === 'enter' && chosen)
    return goTo({ ...state, waste: undefined }, chosen.node, chosen.piece.writer);
  const to = moved(key, place.at, { rows: items.length, page: lines });
  if (to === undefined) return state;
  return { ...state, waste: { items, place: settle({ at: to, top: place.top }, items.length, lines) } };
}

/** The file in the tree of the layer that wrote it, with what is around it. */
function goTo(state: ExplorerState, node: number, layer: number): ExplorerState {
  const { parents } = state.image.history;
  const open = new Set<number>();
  for (let at = parents[node]!; at > 0; at = parents[at]!) open.add(at);
  const filterText = { ...state.filterText, text: '' };
  const changes = { layer, scope: 'layer', only: 'all', filterText, open: false, toggled: open } as const;
  return rebuild({ ...state, pane: 'files' }, changes, node);
}
