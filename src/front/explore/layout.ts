// How the screen is divided.

import { type ExplorerState, layerRows, type Pane, type ScreenSize } from './state.ts';

/** What is where, in columns and lines. Lines of lists are without their head. */
export interface Layout {
  /** `tiny`: nothing can be shown. `one`: one pane at a time. `two`: layers and details beside the files. */
  readonly kind: 'tiny' | 'one' | 'two';
  readonly left: number;
  readonly right: number;
  /** Lines between the title and the last line. */
  readonly body: number;
  readonly layers: number;
  readonly details: number;
  readonly files: number;
}

const LEAST: ScreenSize = { columns: 24, rows: 6 };
const BESIDE = 80;
/** Lines of the body below which there are no details beside the layers. */
const WITH_DETAILS = 12;

/** Divides the screen. */
export function layoutOf(state: ExplorerState): Layout {
  const { columns, rows } = state.size;
  const body = rows - 2;
  if (columns < LEAST.columns || rows < LEAST.rows) {
    return { kind: 'tiny', left: 0, right: 0, body: 0, layers: 0, details: 0, files: 0 };
  }
  if (columns < BESIDE) {
    const lines = body - 1;
    return { kind: 'one', left: columns, right: columns, body, layers: lines, details: lines, files: lines };
  }
  const left = Math.max(38, Math.min(80, Math.floor(columns * 0.45)));
  const right = columns - left - 1;
  if (body < WITH_DETAILS) {
    return { kind: 'two', left, right, body, layers: body - 1, details: 0, files: body - 1 };
  }
  const most = Math.max(4, Math.floor((body - 2) / 2));
  const layers = Math.min(layerRows(state).length, most);
  return { kind: 'two', left, right, body, layers, details: body - 2 - layers, files: body - 1 };
}

/** The panes that there are, in the order of the tab key. */
export function panes({ kind, details }: Layout): readonly Pane[] {
  return kind === 'two' && details === 0 ? ['layers', 'files'] : ['layers', 'files', 'details'];
}

/** Lines that an overlay has between its head and the last line of the screen. */
export function overlayLines({ rows }: ScreenSize): number {
  return Math.max(1, rows - 2);
}

/** Those of the list of waste: three below it tell of the chosen one. */
export function wasteLines(size: ScreenSize): number {
  return Math.max(1, overlayLines(size) - 3);
}
