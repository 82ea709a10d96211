// What a COPY out of layers depends on, kept by those layers and by what was asked of them: the same layers hold the same
// files for ever. To put their tables of contents together takes longer than all else of a build in which nothing changed.

import type { Digest } from '../../core/index.ts';
import { packBytes, type SqlDatabase, unpackBytes } from '../../sys/index.ts';
import type { NamedInput } from '../graph/index.ts';

/** Packed bytes kept in all: those kept first go first. */
const MOST_BYTES = 32 * 1024 * 1024;

/** And not more of them, however small: each time one is kept all are counted. */
const MOST = 1000;

/** Of one: more take as long to read as to find again. */
const MOST_OF_ONE = 4 * 1024 * 1024;

// Made where it is missing, whatever the version of the other tables: nothing else depends on it.
const SCHEMA = `
CREATE TABLE IF NOT EXISTS cache_selections (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  size INTEGER NOT NULL,
  packed BLOB NOT NULL
);
`;

/** Makes the table where it is missing. */
export function prepareSelections(db: SqlDatabase): void {
  if (!db.get("SELECT 1 FROM sqlite_schema WHERE name = 'cache_selections'")) db.script(SCHEMA);
}

/** Keeps the files of one, and forgets what is too much. Nothing but files is kept. */
export function keepSelection(
  db: SqlDatabase,
  key: Digest,
  inputs: readonly NamedInput[],
  mostBytes = MOST_BYTES,
): void {
  if (inputs.some(({ kind }) => kind !== 'file')) return;
  const packed = packBytes(JSON.stringify(inputs.flatMap(({ name, value }) => [name, value])));
  if (packed.length > MOST_OF_ONE) return;
  db.transaction(() => {
    db.run('DELETE FROM cache_selections WHERE key = ?', key);
    db.run('INSERT INTO cache_selections (key, size, packed) VALUES (?, ?, ?)', key, packed.length, packed);
    const rows = db.all<{ number: number; size: number }>(
      'SELECT number, size FROM cache_selections ORDER BY number DESC',
    );
    let kept = 0;
    for (const [i, { number, size }] of rows.entries()) {
      kept += size;
      if (i >= MOST || kept > mostBytes) db.run('DELETE FROM cache_selections WHERE number = ?', number);
    }
  });
}

/** The files of one; undefined where it is not kept, or damaged. */
export function readSelection(db: SqlDatabase, key: Digest): readonly NamedInput[] | undefined {
  const row = db.get<{ packed: Uint8Array }>('SELECT packed FROM cache_selections WHERE key = ?', key);
  if (!row) return undefined;
  try {
    const flat: unknown = JSON.parse(new TextDecoder().decode(unpackBytes(row.packed)));
    if (!Array.isArray(flat) || flat.some((one) => typeof one !== 'string')) return undefined;
    const inputs: NamedInput[] = [];
    for (let i = 0; i + 1 < flat.length; i += 2)
      inputs.push({ kind: 'file', name: flat[i], value: flat[i + 1] });
    return inputs;
  } catch {
    return undefined;
  }
}
