// The tree of files. Only the rows on the screen are made into text.

import type { FileHistory } from '../../../app/index.ts';
import { displayPath } from '../../../core/index.ts';
import { formatSize, type Paint, padText, type Style, sanitizeLine } from '../../report/index.ts';
import { isDirectory, isOpen } from '../rows.ts';
import type { ExplorerState } from '../state.ts';
import { head, inverse, line, type Piece } from './line.ts';

/** The pane of the files: its head and `lines` lines. */
export function renderFiles(
  state: ExplorerState,
  { columns, lines }: { readonly columns: number; readonly lines: number },
  style: Style,
): string[] {
  const { rows, place } = state.tree;
  const active = state.pane === 'files';
  const top = head(
    { left: ` ${heading(state)}`, right: `${narrowed(state)} `, active },
    columns,
    style.strong,
  );
  const body: string[] = [];
  for (let at = place.top; at < Math.min(place.top + lines, rows.nodes.length); at++) {
    const text = line(pieces(state, at, style), columns);
    body.push(at !== place.at ? text : active ? inverse(text) : style.strong(text));
  }
  if (body.length === 0) body.push(line([[`  ${nothing(state)}`, style.faint]], columns));
  return [top, ...body, ...Array<string>(Math.max(0, lines - body.length)).fill(' '.repeat(columns))];
}

function heading({ scope, layer, image }: ExplorerState): string {
  if (scope === 'layer') return `LAYER ${layer + 1} ALONE`;
  return layer === image.layers.length - 1 ? 'ALL FILES' : `FILES AFTER LAYER ${layer + 1}`;
}

function narrowed({ only, layer, filterText, sort, tree: { rows, view } }: ExplorerState): string {
  const parts = [
    ...(only === 'all' ? [] : [only === 'wasted' ? 'wasted' : `changed by layer ${layer + 1}`]),
    ...(filterText.text === '' ? [] : [filterText.regex ? `~ ${filterText.text}` : `/ ${filterText.text}`]),
  ];
  const count = parts.length > 0 ? rows.files : view.files[0]!;
  return [
    ...parts,
    `by ${sort}`,
    `${count} ${count === 1 ? 'file' : 'files'}`,
    formatSize(rows.weights[0]!),
  ].join(' · ');
}

function nothing({ filterText, only, scope }: ExplorerState): string {
  if (filterText.text !== '') return 'nothing matches the filter; escape takes it back';
  if (only === 'wasted') return 'nothing is wasted here';
  return only === 'changed' || scope === 'layer' ? 'this layer changes no file' : 'no files';
}

const SIGNS = [' ', '+', '~', '≈', '-'] as const;
const SIZE = 7;

/** Of each change: its paint. */
function paints(style: Style): readonly (Paint | undefined)[] {
  return [undefined, style.good, style.warn, style.active, style.bad];
}

function pieces(state: ExplorerState, row: number, style: Style): Piece[] {
  const { image, tree, only, attributes } = state;
  const { history } = image;
  const { view, rows } = tree;
  const node = rows.nodes[row]!;
  const change = view.changes[node]!;
  const version = view.versions[node]!;
  const gone = version >= 0 && !history.versionEntries[version];
  const paint = paints(style)[change] ?? (gone ? style.faint : (text: string) => text);
  const directory = isDirectory(history, view, node);
  const fold = directory ? (isOpen(state, node) ? '▾ ' : '▸ ') : '  ';
  const bytes = only === 'wasted' ? rows.weights[node]! : shownSize(state, node);
  const inside = change === 0 && directory && view.changed[node] === 1 && state.layer > 0;
  return [
    [gone ? '-' : SIGNS[change]!, paint],
    isWasteful(state, node) ? ['!', style.warn] : ' ',
    [padText(bytes === undefined ? '' : formatSize(bytes), SIZE, 'right'), paint],
    ' ',
    ...(attributes ? [[`${attributesOf(history, version)} `, style.faint] as const] : []),
    '  '.repeat(rows.depths[row]!),
    [fold, style.faint],
    [showName(history.names[node]!), change === 0 && directory && !gone ? style.strong : paint],
    ...(directory ? ['/'] : []),
    ...(inside ? [[' *', style.faint] as const] : []),
    [linkWords(history, version), style.faint],
  ];
}

/** A directory with a little waste in a lot is none that somebody looks for. */
const WASTEFUL = 0.01;

function isWasteful({ image: { history }, tree: { view } }: ExplorerState, node: number): boolean {
  const [wasted, size] = [view.wasted[node]!, view.sizes[node]!];
  return wasted > 0 && (wasted >= size * WASTEFUL || !isDirectory(history, view, node));
}

/** What is removed is shown with what it had. */
function shownSize(
  { image: { history }, tree: { view, rows } }: ExplorerState,
  node: number,
): number | undefined {
  const version = view.versions[node]!;
  if (version < 0 || history.versionEntries[version]) return rows.weights[node]!;
  const before = history.versionPrevious[version]!;
  const entry = before < 0 ? undefined : history.versionEntries[before];
  return entry && entry.type !== 'dir' ? entry.size : undefined;
}

/** A name as it can be shown: bytes that are no text are escaped. */
export function showName(name: string): string {
  return sanitizeLine(displayPath(name));
}

function linkWords(history: FileHistory, version: number): string {
  const entry = version < 0 ? undefined : history.versionEntries[version];
  if (entry?.type === 'symlink') return ` → ${showName(entry.link ?? '')}`;
  const carrier = version < 0 ? undefined : history.versionContents[version];
  if (carrier === undefined || carrier === version || entry?.type !== 'file') return '';
  return ` = ${showName(history.names[history.versionNodes[carrier]!]!)}`;
}

const KINDS: Readonly<Record<string, string>> = { dir: 'd', symlink: 'l', char: 'c', block: 'b', fifo: 'p' };

function attributesOf(history: FileHistory, version: number): string {
  const entry = version < 0 ? undefined : history.versionEntries[version];
  if (!entry) return `${padText('', 10)} ${padText('', 9)}`;
  return `${KINDS[entry.type] ?? '-'}${modeWords(entry.mode)} ${padText(`${entry.uid}:${entry.gid}`, 9)}`;
}

/** `rwxr-sr-x`. */
export function modeWords(mode: number): string {
  const letters = (bits: number, special: boolean, letter: string) => {
    const x = bits & 1 ? (special ? letter : 'x') : special ? letter.toUpperCase() : '-';
    return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${x}`;
  };
  return [
    letters((mode >> 6) & 7, (mode & 0o4000) !== 0, 's'),
    letters((mode >> 3) & 7, (mode & 0o2000) !== 0, 's'),
    letters(mode & 7, (mode & 0o1000) !== 0, 't'),
  ].join('');
}
