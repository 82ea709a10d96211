// The versions of one path: a table; two of them compared.

import type { CompareResult, FileResult } from '../../../app/index.ts';
import { displayPath, shortDigest } from '../../../core/index.ts';
import { causeText } from '../layer-cause.ts';
import { oneLine, sanitizeLine } from '../sanitize.ts';
import { formatSize } from '../size.ts';
import { makeStyle } from '../style.ts';
import { renderTable } from '../table.ts';
import { CAUSE_COLUMNS, type LayersStyle } from './stack.ts';

type Version = FileResult['versions'][number];

/** What `mille layers --file` prints. */
export function renderVersions({ stack, path, versions }: FileResult, { full }: LayersStyle): string {
  const columns = full ? Number.POSITIVE_INFINITY : CAUSE_COLUMNS;
  const rows = versions.map((version) => [
    String(version.layer + 1),
    changeText(version),
    ...attributes(version),
    causeText(stack.layers[version.layer]!, columns),
  ]);
  const heads = ['LAYER', 'CHANGE', 'TYPE', 'SIZE', 'MODE', 'OWNER', 'TIME', 'DIGEST', 'WRITTEN BY'];
  return `/${oneLine(displayPath(path))}\n${renderTable(heads, rows)}`;
}

function changeText({ kind, aspects, deleted }: Version): string {
  if (kind === 'removed')
    return deleted === undefined ? 'removed' : `removed with /${oneLine(displayPath(deleted))}`;
  if (!aspects) return kind;
  return aspects.length === 0 ? 'written again as it was' : `changed: ${aspects.join(', ')}`;
}

function attributes({ entry }: Version): string[] {
  if (!entry) return ['', '', '', '', '', ''];
  const { type, size, mode, uid, gid, mtime, digest, link } = entry;
  const what =
    type === 'symlink' ? `→ ${oneLine(displayPath(link ?? ''))}` : digest ? shortDigest(digest) : '';
  return [
    type,
    type === 'file' ? formatSize(size) : '',
    mode.toString(8).padStart(4, '0'),
    `${uid}:${gid}`,
    timeText(mtime),
    what,
  ];
}

function timeText(mtime: number): string {
  const time = new Date(mtime * 1000);
  return Number.isNaN(time.getTime())
    ? String(mtime)
    : time.toISOString().replace('T', ' ').replace('.000Z', '');
}

/** Two versions, as `diff -u` shows them. */
export function renderCompared(
  { path, layers, diff }: CompareResult,
  { color }: { readonly color: boolean },
): string {
  const shown = oneLine(displayPath(path));
  const [before, after] = layers.map((layer) => layer + 1);
  if ('withheld' in diff) return `/${shown}: layers ${before} and ${after}: ${diff.withheld}\n`;
  const style = makeStyle(color);
  const paint = (line: string) => {
    const text = sanitizeLine(line);
    if (line.startsWith('+')) return style.good(text);
    if (line.startsWith('-')) return style.bad(text);
    return line.startsWith('@@') ? style.faint(text) : text;
  };
  return `${[
    style.strong(`--- /${shown} (layer ${before})`),
    style.strong(`+++ /${shown} (layer ${after})`),
    ...diff.lines.map(paint),
  ].join('\n')}\n`;
}
