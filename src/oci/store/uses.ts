// When things were last used, so that those that nobody has used for longest can go first.

import type { SqlDatabase } from '../../sys/index.ts';
import { unlessFull } from './sizes.ts';

/** Within this time, in milliseconds, a further use is not written down. */
const INTERVAL = 3_600_000;

/** What is used: an image by its manifest, an unpacked layer by its key, remembered bytes by theirs. */
export type UsedThing = `image:${string}` | `unpacked:${string}` | `bytes:${string}`;

/** Writes down that something is used. */
export function noteUse(db: SqlDatabase, what: UsedThing, now: number = Date.now()): void {
  const known = lastUse(db, what);
  if (known !== undefined && now - known < INTERVAL) return;
  unlessFull(() => {
    db.run('INSERT INTO uses VALUES (?1, ?2) ON CONFLICT DO UPDATE SET used = ?2', what, now);
  });
}

/** When it was last used, milliseconds since the epoch; undefined where that isn't known. */
export function lastUse(db: SqlDatabase, what: UsedThing): number | undefined {
  return db.get<{ used: number }>('SELECT used FROM uses WHERE what = ?', what)?.used;
}

/** Forgets the use of what is gone. */
export function forgetUse(db: SqlDatabase, what: UsedThing): void {
  db.run('DELETE FROM uses WHERE what = ?', what);
}

/** Forgets the uses of images that are gone by whatever way. */
export function forgetStrayUses(db: SqlDatabase): void {
  db.run(
    "DELETE FROM uses WHERE what LIKE 'image:%' AND substr(what, 7) NOT IN (SELECT manifest FROM images)",
  );
}
