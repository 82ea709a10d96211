// A budget for an image as it is, with some room.

import type { BudgetSuggestion } from '../../app/index.ts';
import { oneLine } from './sanitize.ts';
import { formatSize } from './size.ts';

/** A tenth more than there is. */
const ROOM = 1.1;

/** The text of a budget. */
export function renderSuggestion({
  image,
  base,
  total,
  own,
  layer,
  layers,
  waste,
}: BudgetSuggestion): string {
  const lines: [string, string][] = [
    [`image: ${quoted(image)}`, ''],
    [`total: ${withRoom(total)}`, `all layers: ${formatSize(total)} today`],
    ...(base === undefined
      ? []
      : [
          [`own: ${withRoom(own)}`, `those on ${oneLine(base)}: ${formatSize(own)} today`] as [
            string,
            string,
          ],
        ]),
    [
      `layer: ${withRoom(layer)}`,
      `each of ${base === undefined ? 'them' : 'those'}: ${formatSize(layer)} the largest today`,
    ],
    [`layers: ${layers + 2}`, `${layers} today`],
    [`waste: ${Math.max(1, Math.ceil(waste * 100 * ROOM))}%`, 'bytes that nobody sees at the end'],
  ];
  const widest = Math.max(...lines.map(([text]) => text.length));
  return lines.map(([text, why]) => `${why === '' ? text : `${text.padEnd(widest)}  # ${why}`}\n`).join('');
}

/** Rounded up to two digits. */
function withRoom(bytes: number): string {
  if (bytes === 0) return '1kB';
  const more = bytes * ROOM;
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(more)) - 1);
  return formatSize(Math.ceil(more / unit) * unit);
}

function quoted(text: string): string {
  return /^[A-Za-z0-9][A-Za-z0-9._/:-]*$/.test(text) && !text.endsWith(':')
    ? text
    : JSON.stringify(oneLine(text));
}
