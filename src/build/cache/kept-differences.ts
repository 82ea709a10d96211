// What differed when steps of a build were not found, kept for as long as the build's record is. It is kept rather than
// computed again, because the records that were compared may be pruned long before somebody asks.

import { packBytes, type SqlDatabase, unpackBytes } from '../../sys/index.ts';
import type { InputKind } from '../graph/index.ts';
import type { Difference } from './compare.ts';

/** Differences of one step that are kept; how many there were stands in the build's record. */
export const MOST_KEPT = 100_000;

/** Packed bytes kept for all builds: those of the builds that began first go first. */
const MOST_BYTES = 64 * 1024 * 1024;

// Made where it is missing, whatever the version of the other tables: nothing else depends on it.
const SCHEMA = `
CREATE TABLE IF NOT EXISTS cache_differences (
  build TEXT NOT NULL,
  step TEXT NOT NULL,
  size INTEGER NOT NULL,
  packed BLOB NOT NULL,
  PRIMARY KEY (build, step)
) WITHOUT ROWID;
`;

/** Makes the table where it is missing. */
export function prepareDifferences(db: SqlDatabase): void {
  if (!db.get("SELECT 1 FROM sqlite_schema WHERE name = 'cache_differences'")) db.script(SCHEMA);
}

/** Keeps what differed for the steps of a build, whose record is there; forgets what is too much. In a transaction. */
export function keepDifferences(
  db: SqlDatabase,
  build: string,
  steps: ReadonlyMap<string, readonly Difference[]>,
  mostBytes = MOST_BYTES,
): void {
  db.run(
    'DELETE FROM cache_differences WHERE build = ? OR build NOT IN (SELECT id FROM cache_builds)',
    build,
  );
  const told = [...steps].filter(([, differences]) => differences.length > 0);
  if (told.length === 0) return;
  for (const [step, differences] of told) {
    const packed = pack(differences.slice(0, MOST_KEPT));
    db.run('INSERT INTO cache_differences VALUES (?, ?, ?, ?)', build, step, packed.length, packed);
  }
  const rows = db.all<{ build: string; bytes: number }>(
    `SELECT build, SUM(size) AS bytes FROM cache_differences JOIN cache_builds ON id = build
     GROUP BY build ORDER BY MAX(started) DESC`,
  );
  let kept = 0;
  for (const row of rows) {
    kept += row.bytes;
    if (kept > mostBytes) db.run('DELETE FROM cache_differences WHERE build = ?', row.build);
  }
}

/** What is kept of a build, by the steps' ids. */
export function readDifferences(db: SqlDatabase, build: string): Map<string, readonly Difference[]> {
  const rows = db.all<{ step: string; packed: Uint8Array }>(
    'SELECT step, packed FROM cache_differences WHERE build = ?',
    build,
  );
  return new Map(
    rows.flatMap(({ step, packed }) => {
      const differences = unpack(packed);
      return differences ? [[step, differences] as const] : [];
    }),
  );
}

function pack(differences: readonly Difference[]): Uint8Array {
  const flat = differences.flatMap(({ kind, name, before, after }) => [
    kind,
    name,
    before ?? null,
    after ?? null,
  ]);
  return packBytes(JSON.stringify(flat));
}

/** Undefined where the bytes are damaged. */
function unpack(bytes: Uint8Array): readonly Difference[] | undefined {
  try {
    const flat = JSON.parse(new TextDecoder().decode(unpackBytes(bytes))) as readonly (string | null)[];
    const differences: Difference[] = [];
    for (let i = 0; i + 3 < flat.length; i += 4) {
      const [kind, name, before, after] = flat.slice(i, i + 4);
      differences.push({
        kind: kind as InputKind,
        name: name as string,
        ...(before == null ? {} : { before }),
        ...(after == null ? {} : { after }),
      });
    }
    return differences;
  } catch {
    return undefined;
  }
}
