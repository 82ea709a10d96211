// What covers the screen: a file, the help, the list of waste. Each is a head and lines below it.

import { formatSize, padText, type Style } from '../../report/index.ts';
import { HELP } from '../help.ts';
import { overlayLines, wasteLines } from '../layout.ts';
import type { ExplorerState, WasteList } from '../state.ts';
import { type Viewer, viewerLine, viewerLines } from '../viewer.ts';
import { wasteWords } from './details.ts';
import { showName } from './files.ts';
import { layerWords } from './layers.ts';
import { head, inverse, line } from './line.ts';

/** The help, from a line on. */
export function renderHelp(state: ExplorerState, top: number, style: Style): string[] {
  const { columns } = state.size;
  const shown = HELP.slice(top, top + overlayLines(state.size));
  const lines = shown.map((one) => line([' ', one.head ? [one.text, style.strong] : one.text], columns));
  return [head({ left: ' KEYS', active: true }, columns, style.strong), ...lines];
}

/** A file, or its bytes. */
export function renderViewer(state: ExplorerState, viewer: Viewer, style: Style): string[] {
  const { columns } = state.size;
  const count = viewerLines(viewer, columns);
  const last = Math.min(viewer.top + overlayLines(state.size), count);
  const whole = viewer.bytes.length < viewer.size ? `, its first ${formatSize(viewer.bytes.length)}` : '';
  const layer = state.image.history.versionLayers[viewer.version]! + 1;
  const where = viewer.hex ? 'bytes' : `line ${Math.min(viewer.top + 1, count)} of ${count}`;
  const right = `${formatSize(viewer.size)}${whole} · layer ${layer} · ${where} `;
  const left = ` /${pathWords(state, viewer.node)}`;
  const lines: string[] = [];
  for (let at = viewer.top; at < last; at++) {
    const text = viewerLine(viewer, at, columns);
    lines.push(line([found(viewer, text) ? [text, style.active] : text], columns));
  }
  if (count === 0) lines.push(line([['  (empty)', style.faint]], columns));
  return [head({ left, right, active: true }, columns, style.strong), ...lines];
}

function found({ search, hex }: Viewer, text: string): boolean {
  if (search === '' || hex) return false;
  const exact = /\p{Lu}/u.test(search);
  return exact ? text.includes(search) : text.toLowerCase().includes(search.toLowerCase());
}

function pathWords({ image: { history } }: ExplorerState, node: number): string {
  const path: string[] = [];
  for (let at = node; at > 0; at = history.parents[at]!) path.push(history.names[at]!);
  return showName(path.reverse().join('/'));
}

/** All that is wasted; below it, who wrote and who hid what is chosen. */
export function renderWaste(state: ExplorerState, list: WasteList, style: Style): string[] {
  const { columns } = state.size;
  const { items, place } = list;
  const total = items.reduce((sum, { piece }) => sum + piece.bytes, 0);
  const own = state.foldBase ? ", without the base image's" : '';
  const left = ` WASTED: ${formatSize(total)} in ${items.length} files${own}`;
  const room = wasteLines(state.size);
  const shown = items.slice(place.top, place.top + room);
  const lines = shown.map((item, i) => {
    const { piece } = item;
    const size = padText(formatSize(piece.bytes), 8, 'right');
    const text = line(
      [
        `${size}  `,
        [`layer ${padText(String(piece.writer + 1), 3)}`, style.faint],
        ` /${showName(piece.path)}`,
        [`  ${wasteWords(item)}`, style.faint],
      ],
      columns,
    );
    return place.top + i === place.at ? inverse(text) : text;
  });
  if (items.length === 0) lines.push(line(['  nothing: every byte is seen at the end'], columns));
  while (lines.length < room) lines.push(' '.repeat(columns));
  const chosen = items[place.at];
  if (chosen) {
    const { writer, hider: by, twin } = chosen.piece;
    const other = by ?? twin?.layer;
    const hider =
      other === undefined
        ? ''
        : `${by === undefined ? 'the other by' : 'hidden by'} layer ${other + 1} ${layerWords(state, other)}`;
    const told = [wasteWords(chosen), `written by layer ${writer + 1} ${layerWords(state, writer)}`, hider];
    lines.push(...told.map((text) => line([[` ${text}`, style.faint]], columns)));
  }
  return [head({ left, active: true }, columns, style.strong), ...lines];
}
