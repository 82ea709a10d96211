// What `mille base compare` prints: a fact a row, a base a column.

import type { CompareBasesResult } from '../../../app/index.ts';
import { oneLine } from '../sanitize.ts';
import { makeStyle, type Style } from '../style.ts';
import { supportNote } from '../tags/as-of.ts';
import { textWidth } from '../width.ts';
import {
  buildNotes,
  type FactCell,
  type FactRow,
  factRows,
  type Trouble,
  troublesOf,
} from './compare-facts.ts';

/** How it is shown. */
export interface CompareStyle {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly color: boolean;
}

/** The table, and below it what takes more words. */
export function renderComparedBases(result: CompareBasesResult, { now, color }: CompareStyle): string {
  const style = makeStyle(color);
  const { bases, dates } = result;
  const heads: FactRow = { name: '', cells: bases.map(({ name }) => ({ lines: [name] })) };
  const notes = bases.flatMap(({ name, notes: all }) =>
    all.slice(0, 3).map((one) => `${oneLine(name)}: ${oneLine(one)}\n`),
  );
  const table = grid([heads, ...factRows(result, now)], style);
  return [
    table,
    ...troublesOf(result).map((one) => trouble(one, style)),
    ...buildNotes(result).map((line, i) => `${i === 0 ? '\n' : ''}${oneLine(line)}\n`),
    ...(notes.length > 0 ? ['\n', ...notes] : []),
    `\n${supportNote(dates, now)}\n`,
  ].join('');
}

function trouble({ name, what, reasons, output, mild }: Trouble, style: Style): string {
  const lines = [
    `${style.strong(oneLine(name))}  ${(mild ? style.warn : style.bad)(oneLine(what))}`,
    ...reasons.flatMap(({ text, hint }) => [
      `  ${oneLine(text)}`,
      ...(hint === undefined ? [] : [style.faint(`    ${oneLine(hint)}`)]),
    ]),
    ...output.map((line) => style.faint(`  | ${oneLine(line)}`)),
  ];
  return `\n${lines.join('\n')}\n`;
}

function grid(rows: readonly FactRow[], style: Style): string {
  const shown = rows.map(({ name, cells }) => ({
    name,
    cells: cells.map(({ lines, ...rest }) => ({ ...rest, lines: lines.map(oneLine) })),
  }));
  const first = Math.max(...shown.map(({ name }) => name.length));
  const widths = rows[0]!.cells.map((_, i) =>
    Math.max(...shown.flatMap(({ cells }) => cells[i]!.lines.map(textWidth))),
  );
  return shown
    .map((row, at) => {
      const height = Math.max(1, ...row.cells.map(({ lines }) => lines.length));
      return Array.from({ length: height }, (_, line) => {
        const name = style.faint((line === 0 ? row.name : '').padEnd(first));
        const cells = row.cells.map((cell, i) => {
          const text = cell.lines[line] ?? '';
          const gap = i === row.cells.length - 1 ? '' : ' '.repeat(widths[i]! - textWidth(text));
          return (at === 0 ? style.strong : paintOf(cell, style))(text) + gap;
        });
        return `${[name, ...cells].join('   ').trimEnd()}\n`;
      }).join('');
    })
    .join('');
}

function paintOf({ tone }: FactCell, style: Style): (text: string) => string {
  return tone === undefined ? (text) => text : style[tone];
}
