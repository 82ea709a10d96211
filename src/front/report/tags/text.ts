// What `mille tags` prints: a line of releases after the other, of each its images, newest first.

import type { TagRow, TagsResult } from '../../../app/index.ts';
import { sanitizeLine } from '../sanitize.ts';
import { formatSize } from '../size.ts';
import { renderTable } from '../table.ts';
import { formatAgeOf } from '../time.ts';
import { supportNote } from './as-of.ts';
import { untilOf } from './until.ts';

/** How the table looks. */
export interface TagsStyle {
  /** All names and all platforms. */
  readonly full: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const SHOWN_NAMES = 2;
const SHOWN_PLATFORMS = 2;

export function renderTags(result: TagsResult, style: TagsStyle): string {
  const { rows } = result;
  const parts = [summary(result)];
  if (rows.length > 0) parts.push('\n', table(result, style));
  const notes = notesOf(result, style);
  if (notes.length > 0) parts.push('\n', ...notes.map((note) => `${note}\n`));
  return parts.join('');
}

function summary({ repository, place, total, seen, cut, rows, more }: TagsResult): string {
  const of =
    seen < total
      ? `${counted(seen, 'tag')} of ${total.toLocaleString('en')}, those pushed last`
      : counted(total, 'tag');
  const shown = `${counted(rows.length, 'image')} shown${more > 0 ? ', there are more' : ''}`;
  const refused = cut === 'refused' ? ' (it gave no more)' : '';
  return `${sanitizeLine(repository)} in ${sanitizeLine(place)}: ${of}${refused}; ${shown}\n`;
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

/** One table, so that all columns stand one below the other, with a title before each line of releases. */
function table(result: TagsResult, style: TagsStyle): string {
  const { rows, source, isDistribution } = result;
  // Of a distribution itself the titles say it.
  const below = !isDistribution && rows.some(({ distribution }) => distribution);
  const heads = [
    ...['  TAG', 'ALSO'],
    ...(below ? ['MADE OF', 'SUPPORTED'] : []),
    ...[source === 'store' ? 'UNPACKED' : 'SIZE', 'FOR', source === 'hub' ? 'PUSHED' : 'CREATED'],
  ];
  const cells = rows.map((row) => [
    `${row.local ? '*' : ' '} ${row.tag}`,
    names(row, style),
    ...(below ? [distributionText(row), distributionUntil(row, style)] : []),
    row.image?.bytes === undefined ? '-' : formatSize(row.image.bytes),
    platforms(row, style),
    row.time === undefined ? '-' : formatAgeOf(row.time, style.now),
  ]);
  const [head = '', ...lines] = renderTable(heads, cells).trimEnd().split('\n');
  const out = [head];
  let title: string | undefined;
  for (const [i, row] of rows.entries()) {
    const own = titleOf(row, result, style);
    if (own !== title) out.push('', own);
    title = own;
    out.push(lines[i]!);
  }
  return `${out.join('\n')}\n`;
}

function titleOf(row: TagRow, { repository, isDistribution }: TagsResult, style: TagsStyle): string {
  const { support, line } = row;
  const ending = support.product ?? (isDistribution ? support.distribution : undefined);
  if (ending) return `${ending.title}: ${untilOf(ending, style.now).text}`;
  if (line === undefined) return isDistribution ? 'without a release' : 'without a version';
  return `${sanitizeLine(repository)} ${line}${row.unreleased ? ': not released' : ''}`;
}

function names({ also }: TagRow, { full }: TagsStyle): string {
  // The shortest are those that people write.
  const sorted = also.toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1));
  return listed(full ? sorted : sorted.slice(0, SHOWN_NAMES), sorted.length);
}

function platforms({ images, image }: TagRow, { full }: TagsStyle): string {
  const own = image?.platform;
  const all = [...new Set([...(own === undefined ? [] : [own]), ...images.map(({ platform }) => platform)])];
  const short = all.map((text) => sanitizeLine(text.replace(/^linux\//, '')));
  return listed(full ? short : short.slice(0, SHOWN_PLATFORMS), short.length);
}

function listed(shown: readonly string[], count: number): string {
  if (count === 0) return '-';
  const rest = count - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` +${rest}` : ''}`;
}

function distributionText({ distribution, support }: TagRow): string {
  if (support.distribution) return support.distribution.title.replace('Alpine Linux', 'Alpine');
  if (!distribution) return '-';
  return [distribution.name, distribution.release, distribution.codename].filter(Boolean).join(' ');
}

function distributionUntil({ support }: TagRow, { now }: TagsStyle): string {
  return support.distribution ? untilOf(support.distribution, now).text : '-';
}

function notesOf({ rows, hidden, more, dropped, dates, cut }: TagsResult, { now }: TagsStyle): string[] {
  const left = [
    ...(hidden.earlier > 0 ? [`${hidden.earlier} of earlier releases`] : []),
    ...(hidden.unreleased > 0 ? [`${hidden.unreleased} of what is not released (--pre)`] : []),
    ...(hidden.windows > 0 ? [`${hidden.windows} for Windows`] : []),
  ];
  const dated = rows.some(({ support }) => support.product ?? support.distribution);
  return [
    ...(rows.some(({ local }) => local) ? ['* is in the store.'] : []),
    ...(left.length > 0 ? [`Not shown: ${left.join(', ')}; --all shows them.`] : []),
    ...(more > 0 ? ['--limit shows more; --version, --distro, --slim and --variant choose.'] : []),
    ...(cut === 'enough' ? ['Of the rest of the tags nothing was asked: choose, or --all.'] : []),
    ...(dropped > 0
      ? [`${counted(dropped, 'entry').replace(/entrys/, 'entries')} of the list cannot be tags.`]
      : []),
    ...(dated ? [supportNote(dates, now)] : []),
  ];
}
