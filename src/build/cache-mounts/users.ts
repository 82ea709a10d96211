// Which steps used a cache, in the store's database.

import type { Digest } from '../../core/index.ts';
import type { SqlDatabase } from '../../sys/index.ts';

/** A step that used a cache. */
export interface MountUse {
  /** The project: see the build cache's `scopeOf`. */
  readonly scope: string;
  readonly stage: string;
  /** The step's title. */
  readonly step: string;
  readonly build: string;
  /** Milliseconds since the epoch. */
  readonly used: number;
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS cache_mount_uses (
  mount TEXT NOT NULL,
  scope TEXT NOT NULL,
  stage TEXT NOT NULL,
  step TEXT NOT NULL,
  build TEXT NOT NULL,
  used INTEGER NOT NULL,
  PRIMARY KEY (mount, scope, stage, step)
) WITHOUT ROWID`;

/** Users that are remembered of one cache. */
const MOST = 20;

/** Writes down that a step uses a cache. */
export function noteMountUse(db: SqlDatabase, mount: Digest, use: MountUse): void {
  db.script(SCHEMA);
  db.transaction(() => {
    const { scope, stage, step, build, used } = use;
    const row = [mount, scope, stage, step, build, used];
    db.run('INSERT OR REPLACE INTO cache_mount_uses VALUES (?, ?, ?, ?, ?, ?)', ...row);
    db.run(
      `DELETE FROM cache_mount_uses WHERE mount = ?1 AND used <
         (SELECT used FROM cache_mount_uses WHERE mount = ?1 ORDER BY used DESC LIMIT 1 OFFSET ?2)`,
      ...[mount, MOST - 1],
    );
  });
}

/** The steps that used a cache, the latest first. */
export function usesOf(db: SqlDatabase, mount: Digest): readonly MountUse[] {
  if (!hasTable(db)) return [];
  return db.all<MountUse>(
    'SELECT scope, stage, step, build, used FROM cache_mount_uses WHERE mount = ? ORDER BY used DESC, step',
    mount,
  );
}

/** Forgets the users of a cache that is gone. */
export function forgetUses(db: SqlDatabase, mount: Digest): void {
  if (hasTable(db)) db.run('DELETE FROM cache_mount_uses WHERE mount = ?', mount);
}

function hasTable(db: SqlDatabase): boolean {
  return db.get("SELECT 1 FROM sqlite_master WHERE name = 'cache_mount_uses'") !== undefined;
}
