// What an event makes of the state, and what is wanted from outside because of it.

import type { ExplorerEvent } from '../event.ts';
import { layoutOf, panes, wasteLines } from '../layout.ts';
import { type ExplorerState, layerRows, settle } from '../state.ts';
import { openViewer } from '../viewer.ts';
import { browse } from './browse.ts';
import { helpKey, viewerKey, wasteKey } from './overlays.ts';
import { answer, typed } from './prompt.ts';
import { only, type Step } from './step.ts';

/** Takes one event. */
export function update(state: ExplorerState, event: ExplorerEvent): Step {
  const { state: next, effects } = take(state, event);
  return { state: fit(next), effects };
}

function take(state: ExplorerState, event: ExplorerEvent): Step {
  switch (event.type) {
    case 'key':
      return key(state, event.key);
    case 'resize':
      return only({ ...state, size: event.size });
    case 'content': {
      const viewer = openViewer(event, state.viewer);
      return only({ ...state, busy: undefined, viewer });
    }
    case 'extracted':
      return only({ ...state, busy: undefined, message: { text: `written to ${event.path}`, bad: false } });
    case 'exists': {
      const { version, path } = event;
      return only({
        ...state,
        busy: undefined,
        question: { text: `${path} is there already. Overwrite it?`, version, path },
      });
    }
    case 'failed':
      return only({ ...state, busy: undefined, message: { text: event.message, bad: true } });
    case 'cancelled':
      return only({ ...state, busy: undefined, message: { text: 'given up', bad: false } });
  }
}

function key(state: ExplorerState, name: string): Step {
  const clean: ExplorerState = { ...state, message: undefined };
  if (name === 'ctrl-c') return { state: clean, effects: [{ type: 'quit' }] };
  if (name === 'ctrl-z') return { state: clean, effects: [{ type: 'suspend' }] };
  if (name === 'ctrl-l') return { state: clean, effects: [{ type: 'redraw' }] };
  if (clean.busy !== undefined) {
    return { state: clean, effects: name === 'escape' || name === 'q' ? [{ type: 'cancel' }] : [] };
  }
  if (clean.question) return answer(clean, clean.question, name);
  if (clean.prompt) return typed(clean, clean.prompt, name);
  if (clean.help !== undefined) return only(helpKey(clean, clean.help, name));
  if (clean.viewer) return viewerKey(clean, clean.viewer, name);
  if (clean.waste) return only(wasteKey(clean, clean.waste, name));
  return browse(clean, name);
}

/** All places inside of what there is, and chosen rows on the screen. */
function fit(state: ExplorerState): ExplorerState {
  const layout = layoutOf(state);
  const rows = layerRows(state);
  const chosen = rows.findIndex(({ layer }) => layer === state.layer);
  const layers = settle({ at: chosen, top: state.layersTop }, rows.length, layout.layers);
  const place = settle(state.tree.place, state.tree.rows.nodes.length, layout.files);
  const pane = panes(layout).includes(state.pane) ? state.pane : 'layers';
  const list = state.waste;
  const waste = list && { ...list, place: settle(list.place, list.items.length, wasteLines(state.size)) };
  return { ...state, pane, layersTop: layers.top, tree: { ...state.tree, place }, waste };
}
