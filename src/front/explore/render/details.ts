// What is known of the chosen layer, and of the chosen file: every version of it, and why bytes of it are wasted.

import type { WastedVersion } from '../../../app/index.ts';
import { cutText, formatSize, oneLine, type Style } from '../../report/index.ts';
import { chosenNode, type ExplorerState } from '../state.ts';
import { modeWords, showName } from './files.ts';
import { instructionWords, layerWords } from './layers.ts';
import { head, line, wrap } from './line.ts';

/** The pane of the details: its head and `lines` lines. */
export function renderDetails(
  state: ExplorerState,
  { columns, lines }: { readonly columns: number; readonly lines: number },
  style: Style,
): string[] {
  const all = detailLines(state, columns - 2);
  const first = Math.max(0, Math.min(state.detailsTop, all.length - lines));
  const more = first + lines < all.length ? '↓ more ' : '';
  const active = state.pane === 'details';
  const top = head({ left: ' DETAILS', right: more, active }, columns, style.strong);
  const body = all
    .slice(first, first + lines)
    .map(({ text, strong }) => line([' ', strong ? [text, style.strong] : text], columns));
  return [top, ...body, ...Array<string>(Math.max(0, lines - body.length)).fill(' '.repeat(columns))];
}

interface DetailLine {
  readonly text: string;
  readonly strong: boolean;
}

function detailLines(state: ExplorerState, columns: number): DetailLine[] {
  const file = fileLines(state, columns);
  const parts = state.pane === 'files' ? [file, [''], layerLines(state)] : [layerLines(state), [''], file];
  return parts.flat().flatMap((text) => {
    const strong = text.startsWith('# ');
    return wrap(strong ? text.slice(2) : text, columns).map((part) => ({ text: part, strong }));
  });
}

function layerLines(state: ExplorerState): string[] {
  const layer = state.image.layers[state.layer]!;
  const { instruction, source, origin, files, bytes, sent, sharedWith } = layer;
  const place = source ? `, ${oneLine(source.file)}:${source.line}` : '';
  const counts = [
    ...(files.added > 0 ? [`+${files.added} added`] : []),
    ...(files.changed > 0 ? [`~${files.changed} changed`] : []),
    ...(files.removed > 0 ? [`-${files.removed} removed`] : []),
  ];
  const packed = sent === bytes ? '' : `, ${formatSize(sent)} as it is stored or sent`;
  const wasted = state.image.wastedBy[layer.index]!;
  return [
    `# layer ${layer.index + 1} of ${state.image.layers.length}${origin === 'base' ? ', of the base image' : ''}${place}`,
    instructionWords(instruction) || 'nobody says what made it',
    `${formatSize(layer.contentBytes)} of files, ${formatSize(bytes)} as a tar${packed}`,
    counts.length > 0 ? counts.join(', ') : 'changes no file',
    ...(wasted > 0 ? [`! ${formatSize(wasted)} of it nobody needs at the end`] : []),
    ...(sharedWith.length > 0 ? [`shared with ${oneLine(sharedWith.join(', '))}`] : []),
    layer.diffId,
  ];
}

function fileLines(state: ExplorerState, columns: number): string[] {
  const node = chosenNode(state);
  if (node === undefined) return [];
  const { history } = state.image;
  const path: string[] = [];
  for (let at = node; at > 0; at = history.parents[at]!) path.push(history.names[at]!);
  const lines = [`# /${showName(path.reverse().join('/'))}`];
  const { view } = state.tree;
  const version = view.versions[node]!;
  const entry = version < 0 ? undefined : history.versionEntries[version];
  if (entry) {
    const size =
      entry.type === 'dir'
        ? `${formatSize(view.sizes[node]!)} in ${view.files[node]} ${view.files[node] === 1 ? 'file' : 'files'}`
        : formatSize(entry.size);
    lines.push(`${entry.type} ${modeWords(entry.mode)}, owner ${entry.uid}:${entry.gid}, ${size}`);
    if (entry.type !== 'dir') lines.push(`time ${timeWords(entry.mtime)}`);
    const attributes = Object.keys(entry.xattrs ?? {});
    if (attributes.length > 0) lines.push(`attributes ${oneLine(attributes.join(', '))}`);
  }
  if (entry?.type === 'dir') {
    if (view.wasted[node]! > 0) lines.push(`! ${formatSize(view.wasted[node]!)} below it are wasted`);
    return lines;
  }
  for (let at = history.latest[node]!; at >= 0; at = history.versionPrevious[at]!) {
    lines.push(...versionLines(state, at, columns));
  }
  return lines;
}

const CHANGE_WORDS = ['', 'added', 'changed', 'written again, content the same', 'removed'];

function versionLines(state: ExplorerState, version: number, columns: number): string[] {
  const { history, wasted } = state.image;
  const layer = history.versionLayers[version]!;
  const entry = history.versionEntries[version];
  const size = entry?.type === 'file' ? `, ${formatSize(entry.size)}` : '';
  const waste = wasted.find((one) => one.version === version);
  return [
    cutText(`layer ${layer + 1}  ${layerWords(state, layer)}`, columns),
    `· ${CHANGE_WORDS[history.versionChanges[version]!]}${size}`,
    ...(waste ? [`! wasted: ${wasteWords(waste)}`] : []),
  ];
}

/** Why bytes are wasted, in words. */
export function wasteWords({ piece }: WastedVersion): string {
  const { kind, hider = 0, deleted, aspects = [], twin } = piece;
  const by = `by layer ${hider + 1}`;
  switch (kind) {
    case 'overwritten':
      return `overwritten ${by}`;
    case 'rewritten':
      return `written again ${by}, ${aspects.length > 0 ? `only for its ${aspects.join(', ')}` : 'as it was'}`;
    case 'deleted':
      return `removed ${by}${deleted === undefined ? '' : ` with /${showName(deleted)}`}`;
    case 'moved':
      return `moved ${by} to /${showName(twin?.path ?? '')}`;
    case 'duplicate':
      return `the same content as /${showName(twin?.path ?? '')}`;
  }
}

function timeWords(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime())
    ? String(seconds)
    : date.toISOString().replace('T', ' ').replace('.000Z', '');
}
