// What `mille search` prints: Docker's table, and Docker's JSON lines with a field or two behind.

import type { SearchResult, SearchRow } from '../../app/index.ts';
import { oneLine } from './sanitize.ts';
import { renderTable } from './table.ts';
import { cutText } from './width.ts';

/** How the list looks. */
export interface SearchStyle {
  readonly format: 'table' | 'json';
  /** Whole descriptions. */
  readonly full: boolean;
}

/** As many columns as Docker gives them. */
const DESCRIPTION = 45;

export function renderSearch({ rows, source }: SearchResult, style: SearchStyle): string {
  if (style.format === 'json') return rows.map((row) => `${searchJson(row, style)}\n`).join('');
  // A catalogue has names, and nothing else.
  if (source === 'catalogue')
    return renderTable(
      ['NAME'],
      rows.map(({ name }) => [name]),
    );
  const cells = rows.map((row) => [
    row.name,
    descriptionOf(row, style),
    String(row.stars ?? ''),
    row.official ? '[OK]' : '',
  ]);
  return renderTable(['NAME', 'DESCRIPTION', 'STARS', 'OFFICIAL'], cells);
}

function descriptionOf({ description = '' }: SearchRow, { full }: SearchStyle): string {
  const line = oneLine(description);
  return full ? line : cutText(line, DESCRIPTION);
}

/** Docker writes all values as texts. */
function searchJson(row: SearchRow, style: SearchStyle): string {
  const { description, official, stars } = row;
  return JSON.stringify({
    ...(description === undefined ? {} : { Description: descriptionOf(row, style) }),
    ...(official === undefined ? {} : { IsOfficial: String(official) }),
    Name: row.name,
    ...(stars === undefined ? {} : { StarCount: String(stars) }),
    ...(row.private === undefined ? {} : { IsPrivate: String(row.private) }),
  });
}
