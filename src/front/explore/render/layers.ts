// The list of layers: number, size, waste, the line and the instruction.

import { cutText, formatSize, oneLine, padText, type Style } from '../../report/index.ts';
import { type ExplorerState, type LayerRow, layerRows } from '../state.ts';
import { head, inverse, line, type Piece } from './line.ts';

/** The pane of the layers: its head and `lines` lines. */
export function renderLayers(
  state: ExplorerState,
  { columns, lines }: { readonly columns: number; readonly lines: number },
  style: Style,
): string[] {
  const rows = layerRows(state);
  const active = state.pane === 'layers';
  const top = head({ left: ' LAYERS', right: 'size  wasted ', active }, columns, style.strong);
  const shown = rows.slice(state.layersTop, state.layersTop + lines);
  const body = shown.map((row) => {
    const text = line(layerPieces(state, row, columns, style), columns);
    if (row.layer !== state.layer) return text;
    return active ? inverse(text) : style.strong(text);
  });
  return [top, ...body, ...Array<string>(Math.max(0, lines - body.length)).fill(' '.repeat(columns))];
}

const SIZE = 7;
const WASTED = 8;

function layerPieces(state: ExplorerState, row: LayerRow, columns: number, style: Style): Piece[] {
  const { layers } = state.image;
  const layer = layers[row.layer]!;
  const members = row.base === undefined ? [layer] : layers.slice(0, row.base);
  const bytes = members.reduce((sum, one) => sum + one.contentBytes, 0);
  const wasted = row.base === undefined ? state.image.wastedBy[row.layer]! : 0;
  const number = padText(
    row.base === undefined || row.base === 1 ? String(row.layer + 1) : `1-${row.base}`,
    3,
    'right',
  );
  const room = Math.max(0, columns - 4 - SIZE - WASTED - 2);
  const words =
    row.base === undefined
      ? layerWords(state, row.layer)
      : `base image, ${row.base} ${row.base === 1 ? 'layer' : 'layers'}`;
  const origin = row.base === undefined && layer.origin === 'base' ? 'base ' : '';
  return [
    number,
    ' ',
    [padText(cutText(origin + words, room), room), layer.origin === 'base' ? style.faint : (text) => text],
    ' ',
    padText(formatSize(bytes), SIZE, 'right'),
    [padText(wasted > 0 ? `!${formatSize(wasted)}` : '', WASTED, 'right'), style.warn],
    ' ',
  ];
}

/** An instruction on one line, without the spaces that lined it up in the Dockerfile. */
export function instructionWords(instruction: string): string {
  return oneLine(instruction).replace(/ {2,}/g, ' ');
}

/** The instruction of a layer with its line, on one line. */
export function layerWords({ image }: Pick<ExplorerState, 'image'>, index: number): string {
  const { instruction, source } = image.layers[index]!;
  const words = instructionWords(instruction) || '(nobody says what made it)';
  return source ? `:${source.line} ${words}` : words;
}
