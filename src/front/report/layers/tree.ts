// Sizes as a tree of directories, the largest first.

import type { LayersResult } from '../../../app/index.ts';
import { displayPath } from '../../../core/index.ts';
import { oneLine } from '../sanitize.ts';
import { formatSize } from '../size.ts';
import { padText } from '../width.ts';

/** How much of it to show. */
export interface TreeStyle {
  /** Levels below the root. */
  readonly depth: number;
  /** Names of each directory, the largest first. */
  readonly limit: number;
}

type Node = NonNullable<LayersResult['tree']>;

/** Figures and a name. */
type Row = readonly string[];

const SIGNS = { added: '+', changed: '~', removed: '-' } as const;

/** What `mille layers --tree` prints. */
export function renderSizes(
  { image, stack, tree }: LayersResult,
  style: TreeStyle & { readonly layer?: number },
): string {
  const root = tree!;
  const { layer } = style;
  const cells = (node: Node) =>
    layer === undefined
      ? [size(node.bytes)]
      : [size(node.bytes), figure(node.hidesBytes), figure(node.hiddenBytes)];
  const heads = layer === undefined ? ['SIZE'] : ['SIZE', 'HIDES', 'HIDDEN LATER'];
  const rows: Row[] = [
    [...heads, 'PATH'],
    [...cells(root), '/'],
  ];
  walk(root, { ...style, cells, rows, lead: '', level: 1 });
  const widths = heads.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const line = (row: Row) =>
    row.map((cell, i) => (i < widths.length ? padText(cell, widths[i]!, 'right') : cell)).join('   ');
  const what =
    layer === undefined
      ? `${oneLine(image.title)} as a container sees it`
      : `layer ${layer + 1} of ${stack.layers.length} of ${oneLine(image.title)} (+ added, ~ changed, - removed)`;
  const count = `${root.files} ${root.files === 1 ? 'file' : 'files'}`;
  return `${[`${what}: ${formatSize(root.bytes)} in ${count}`, '', ...rows.map(line)].join('\n')}\n`;
}

function size(bytes: number): string {
  return formatSize(bytes);
}

function figure(bytes: number): string {
  return bytes === 0 ? '' : formatSize(bytes);
}

interface Walk extends TreeStyle {
  readonly layer?: number;
  readonly cells: (node: Node) => readonly string[];
  readonly rows: Row[];
  readonly lead: string;
  readonly level: number;
}

function walk(node: Node, state: Walk): void {
  const { rows, lead, level, depth, limit, cells } = state;
  if (level > depth) return;
  // What takes nothing is only counted, unless it is there because a layer did something to it.
  const telling = node.children.filter(({ bytes }) => bytes > 0 || state.layer !== undefined);
  const most =
    telling.length === node.children.length && telling.length <= limit + 1 ? telling.length : limit;
  const shown = telling.slice(0, most).map(shortened);
  const rest = node.children.length - shown.length;
  for (const [i, { node: child, name }] of shown.entries()) {
    const isLast = i === shown.length - 1 && rest === 0;
    rows.push([...cells(child), `${lead}${isLast ? '└─ ' : '├─ '}${titleOf(child, name)}`]);
    walk(child, { ...state, lead: `${lead}${isLast ? '   ' : '│  '}`, level: level + 1 });
  }
  if (rest === 0) return;
  const listed = new Set(telling.slice(0, most));
  const others = node.children.filter((child) => !listed.has(child));
  const sum = (part: (child: Node) => number) => others.reduce((total, child) => total + part(child), 0);
  const all = { ...node, bytes: sum((one) => one.bytes) };
  const more = {
    ...all,
    hidesBytes: sum((one) => one.hidesBytes),
    hiddenBytes: sum((one) => one.hiddenBytes),
  };
  rows.push([...cells(more), `${lead}└─ … ${rest} more`]);
}

/** A directory with nothing in it but one other is told with that. */
function shortened(node: Node): { readonly node: Node; readonly name: string } {
  let at = node;
  let name = node.name;
  for (;;) {
    const [only, second] = at.children;
    if (!only || second || only.children.length === 0 || at.change) return { node: at, name };
    at = only;
    name = `${name}/${only.name}`;
  }
}

function titleOf({ entry, change, children, files }: Node, name: string): string {
  const sign = change ? `${SIGNS[change]} ` : '';
  const isDirectory = children.length > 0 || entry?.type === 'dir';
  const link = entry?.type === 'symlink' ? ` → ${oneLine(displayPath(entry.link ?? ''))}` : '';
  const count = isDirectory && files > 0 ? `  (${files})` : '';
  return `${sign}${oneLine(displayPath(name))}${isDirectory ? '/' : ''}${link}${count}`;
}

/** The same as a document, cut in the same way. */
export function sizesDocument(node: Node, { depth, limit }: TreeStyle): Record<string, unknown> {
  const { path, entry, layer, change, bytes, hiddenBytes, hidesBytes, files } = node;
  const shown = depth === 0 ? [] : node.children.slice(0, limit);
  return {
    path: `/${displayPath(path)}`,
    ...(entry ? { type: entry.type } : {}),
    ...(layer === undefined ? {} : { layer: layer + 1 }),
    ...(change ? { change } : {}),
    ...{ bytes, files },
    ...(hiddenBytes === 0 ? {} : { hiddenBytes }),
    ...(hidesBytes === 0 ? {} : { hidesBytes }),
    ...(shown.length === 0
      ? {}
      : { children: shown.map((child) => sizesDocument(child, { depth: depth - 1, limit })) }),
    ...(shown.length < node.children.length ? { more: node.children.length - shown.length } : {}),
  };
}
