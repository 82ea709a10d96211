// Tables as Docker prints them: upper-case heads, three spaces between columns, the last column unpadded.

import { padText, textWidth } from './width.ts';

/** Rows under their heads, aligned; ends with a line break. */
export function renderTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, i) =>
    Math.max(textWidth(head), ...rows.map((row) => textWidth(row[i] ?? ''))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (i === cells.length - 1 ? cell : padText(cell, widths[i]!)))
      .join('   ')
      .trimEnd();
  return `${[heads, ...rows].map(line).join('\n')}\n`;
}
