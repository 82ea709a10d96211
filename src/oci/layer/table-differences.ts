// What differs between two layers, by their tables of contents.

import type { Entry, TableOfContents } from '../image/index.ts';

/** A path that is not the same in two tables. */
export interface TableDifference {
  readonly path: string;
  /** Absent from the first, absent from the second, or what of it is another. */
  readonly what: 'added' | 'removed' | EntryPart;
  /** In words, where there are any: `644`, `0:0`, `12 bytes`. */
  readonly before?: string;
  readonly after?: string;
}

/** What of an entry may be another. */
export type EntryPart = 'type' | 'content' | 'link' | 'device' | 'mode' | 'owner' | 'attributes' | 'time';

/**
 * Compares two tables, path by path; one difference a path, the most telling.
 * @param options.times whether times count
 */
export function tableDifferences(
  before: TableOfContents,
  after: TableOfContents,
  options: { readonly times: boolean },
): readonly TableDifference[] {
  const old = entriesOf(before);
  const now = entriesOf(after);
  const paths = [...new Set([...old.keys(), ...now.keys()])].sort();
  return paths.flatMap((key): TableDifference[] => {
    const [a, b] = [old.get(key), now.get(key)];
    if (!a || !b) return [{ path: (a ?? b)!.path, what: a ? 'removed' : 'added' }];
    const found = PARTS.find(([part, text]) => (options.times || part !== 'time') && text(a) !== text(b));
    if (!found) return [];
    const [what, text] = found;
    if (what === 'content') return [{ path: a.path, what, before: bytes(a), after: bytes(b) }];
    return [{ path: a.path, what, before: text(a), after: text(b) }];
  });
}

function bytes({ size }: Entry): string {
  return `${size} ${size === 1 ? 'byte' : 'bytes'}`;
}

/** The parts of an entry as texts, the most telling first. */
const PARTS: readonly (readonly [EntryPart, (entry: Entry) => string])[] = [
  ['type', ({ type }) => type],
  ['content', ({ type, digest, size }) => (type === 'file' ? `${digest ?? ''} ${size}` : '')],
  ['link', ({ link = '' }) => link],
  ['device', ({ major = 0, minor = 0 }) => `${major},${minor}`],
  ['mode', ({ mode }) => mode.toString(8)],
  ['owner', ({ uid, gid }) => `${uid}:${gid}`],
  [
    'attributes',
    ({ xattrs = {} }) => JSON.stringify(Object.entries(xattrs).sort(([a], [b]) => (a < b ? -1 : 1))),
  ],
  ['time', ({ mtime }) => String(mtime)],
];

/** The last entry of each path; deletions are kept apart from what may replace the deleted. */
function entriesOf({ entries }: TableOfContents): Map<string, Entry> {
  const found = new Map<string, Entry>();
  for (const entry of entries) {
    const kind = entry.type === 'whiteout' ? '\0w' : entry.type === 'opaque' ? '\0o' : '';
    found.set(entry.path + kind, entry);
  }
  return found;
}
