// The database made smaller. Nothing depends on it: where it cannot be done now, it is done another time.

import type { SqlDatabase } from '../../sys/index.ts';
import { unlessFull } from './sizes.ts';
import { forgetStrayUses, forgetUse } from './uses.ts';

/** Free pages, of all, from which on it is worth writing the rest anew; and their number. */
const WORTH_SHARE = 0.2;
const WORTH_PAGES = 256;

/** Forgets bytes that nobody used since then, and gives free pages back to the disk where they are many. */
export function compact(db: SqlDatabase, unusedSince: number): void {
  unlessFull(() => {
    forgetStrayUses(db);
    forgetBytes(db, unusedSince);
  });
  const pragma = (name: string) =>
    Object.values(db.get<Record<string, number>>(`PRAGMA ${name}`) ?? {})[0] ?? 0;
  const free = pragma('freelist_count');
  // Others who write wait meanwhile, and a reader only makes it fail.
  if (free >= WORTH_PAGES && free >= WORTH_SHARE * pragma('page_count'))
    unlessFull(() => db.script('VACUUM'));
  unlessFull(() => void db.get('PRAGMA wal_checkpoint(TRUNCATE)'));
}

function forgetBytes(db: SqlDatabase, unusedSince: number): void {
  const rows = db.all<{ key: string; used: number | null }>(
    "SELECT key, (SELECT used FROM uses WHERE what = key) AS used FROM kv WHERE key >= 'bytes:' AND key < 'bytes;'",
  );
  for (const { key, used } of rows) {
    // Of what came from an older program nothing is known.
    if (used === null || used > unusedSince) continue;
    db.run('DELETE FROM kv WHERE key = ?', key);
    forgetUse(db, key as `bytes:${string}`);
  }
}
