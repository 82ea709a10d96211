// Typing a line: a filter, something to search for, a path. And questions.

import { parseFilter } from '../filter.ts';
import { type ExplorerState, type Prompt, type Question, rebuild } from '../state.ts';
import { searchLine } from '../viewer.ts';
import { only, type Step } from './step.ts';

/** Begins a line of text. */
export function prompt(state: ExplorerState, purpose: Prompt['purpose'], text: string): ExplorerState {
  return { ...state, prompt: { purpose, text, cursor: text.length } };
}

/** Takes a key of a line that is being typed. */
export function typed(state: ExplorerState, line: Prompt, key: string): Step {
  if (key === 'escape') return only(abandoned(state, line));
  if (key === 'enter') return entered(state, line);
  if (line.purpose.kind === 'filter' && key === 'ctrl-r') {
    const { text, regex } = state.filterText;
    return only(filtered(state, { text, regex: !regex }));
  }
  if (line.purpose.kind === 'filter' && (key === 'up' || key === 'down')) {
    return only({ ...state, prompt: undefined, pane: 'files' });
  }
  const next = edited(line, key);
  const shown = { ...state, prompt: next };
  if (line.purpose.kind !== 'filter' || next.text === line.text) return only(shown);
  return only(filtered(shown, { text: next.text, regex: state.filterText.regex }));
}

function abandoned(state: ExplorerState, { purpose }: Prompt): ExplorerState {
  const closed = { ...state, prompt: undefined };
  return purpose.kind === 'filter' ? filtered(closed, { ...state.filterText, text: '' }) : closed;
}

/** The tree follows what is typed letter by letter, opened where something is found. */
function filtered(state: ExplorerState, filterText: ExplorerState['filterText']): ExplorerState {
  const open = filterText.text !== '' || state.only !== 'all';
  const toggled = open === state.open ? state.toggled : new Set<number>();
  return rebuild(state, { filterText, open, toggled });
}

function entered(state: ExplorerState, { purpose, text }: Prompt): Step {
  const closed: ExplorerState = { ...state, prompt: undefined };
  switch (purpose.kind) {
    case 'filter': {
      const filter = parseFilter(state.filterText);
      if (filter && 'problem' in filter)
        return only({ ...state, message: { text: filter.problem, bad: true } });
      return only({ ...closed, pane: 'files' });
    }
    case 'search':
      return only(searched({ ...closed, viewer: { ...state.viewer!, search: text } }, true));
    case 'extract': {
      const path = text.trim();
      if (path === '') return only(closed);
      const { version } = purpose;
      return {
        state: { ...closed, busy: 'extracting' },
        effects: [{ type: 'extract', version, path, overwrite: false }],
      };
    }
  }
}

/** Goes to the next line that holds what was searched for. */
export function searched(state: ExplorerState, forwards: boolean): ExplorerState {
  const viewer = state.viewer!;
  if (viewer.search === '') return state;
  const line = viewer.hex ? undefined : searchLine(viewer, viewer.top, forwards);
  if (line !== undefined) return { ...state, viewer: { ...viewer, top: line } };
  const text = viewer.hex ? 'text is searched for in text only' : `'${viewer.search}' is not there`;
  return { ...state, message: { text, bad: true } };
}

/** Takes the answer to a question. */
export function answer(state: ExplorerState, question: Question, key: string): Step {
  const { version, path } = question;
  const closed = { ...state, question: undefined };
  if (key !== 'y' && key !== 'Y') {
    return only({ ...closed, message: { text: 'nothing was written', bad: false } });
  }
  return {
    state: { ...closed, busy: 'extracting' },
    effects: [{ type: 'extract', version, path, overwrite: true }],
  };
}

function edited(line: Prompt, key: string): Prompt {
  const { text, cursor } = line;
  const before = text.slice(0, cursor);
  const after = text.slice(cursor);
  const last = [...before].at(-1) ?? '';
  const next = [...after][0] ?? '';
  const at = (moved: number): Prompt => ({ ...line, cursor: moved });
  const put = (head: string, tail: string): Prompt => ({ ...line, text: head + tail, cursor: head.length });
  switch (key) {
    case 'left':
    case 'ctrl-b':
      return at(cursor - last.length);
    case 'right':
    case 'ctrl-f':
      return at(cursor + next.length);
    case 'home':
    case 'ctrl-a':
      return at(0);
    case 'end':
    case 'ctrl-e':
      return at(text.length);
    case 'backspace':
      return put(before.slice(0, cursor - last.length), after);
    case 'delete':
      return put(before, after.slice(next.length));
    case 'ctrl-u':
      return put('', after);
    case 'ctrl-k':
      return put(before, '');
    case 'ctrl-w':
      return put(before.replace(/\S+\s*$/, ''), after);
    default:
      // Names of keys are longer than any character.
      return [...key].length === 1 && key >= ' ' ? put(before + key, after) : line;
  }
}
