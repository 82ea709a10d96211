// What each instruction of an image weighs: Docker's table, Docker's JSON lines, or ids only.

import type { HistoryRow } from '../../app/index.ts';
import { shortDigest } from '../../core/index.ts';
import type { ListOptions } from './images.ts';
import { oneLine, sanitizeLine } from './sanitize.ts';
import { formatSize } from './size.ts';
import { renderTable } from './table.ts';
import { formatAgeOf } from './time.ts';
import { cutText } from './width.ts';

export interface HistoryOptions extends ListOptions {
  /** Ages and sizes for people; else times and bytes. */
  readonly human: boolean;
}

const MISSING = '<missing>';
const CREATED_BY_COLUMNS = 45;

/** What `mille history` prints. */
export function renderHistory(history: readonly HistoryRow[], options: HistoryOptions): string {
  const id = (row: HistoryRow) =>
    row.imageId === undefined ? MISSING : options.full ? row.imageId : shortDigest(row.imageId);
  if (options.quiet) return history.map((row) => `${id(row)}\n`).join('');
  const age = (row: HistoryRow) =>
    options.human ? formatAgeOf(row.created, options.now) : (row.created ?? 'N/A');
  const size = (row: HistoryRow) => (options.human ? formatSize(row.bytes) : String(row.bytes));
  if (options.format === 'json') {
    return history
      .map((row) => {
        const document = {
          ID: id(row),
          CreatedAt: row.created ?? '',
          CreatedSince: formatAgeOf(row.created, options.now),
          CreatedBy: row.createdBy,
          Comment: row.comment,
          Size: size(row),
          Bytes: row.bytes,
          EmptyLayer: row.emptyLayer,
          ...(row.diffId === undefined ? {} : { DiffID: row.diffId }),
          ...(row.distant ? { Distant: true } : {}),
        };
        return `${JSON.stringify(document)}\n`;
      })
      .join('');
  }
  const rows = history.map((row) => {
    const by = oneLine(row.createdBy);
    const shown = options.full ? by : cutText(by, CREATED_BY_COLUMNS);
    const weight = row.distant ? `${size(row)} (not here)` : size(row);
    return [id(row), age(row), shown, weight, sanitizeLine(row.comment)];
  });
  return renderTable(['IMAGE', 'CREATED', 'CREATED BY', 'SIZE', 'COMMENT'], rows);
}
