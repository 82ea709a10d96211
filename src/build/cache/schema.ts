// The cache's tables in the store's database. A cache may be thrown away: tables of another version are made anew.

import type { SqlDatabase } from '../../sys/index.ts';

const VERSION = '1';

const SCHEMA = `
DROP TABLE IF EXISTS cache_records;
DROP TABLE IF EXISTS cache_builds;
CREATE TABLE cache_records (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  stage TEXT NOT NULL,
  position INTEGER NOT NULL,
  instruction TEXT NOT NULL,
  diff_id TEXT,
  content_id TEXT,
  result TEXT NOT NULL,
  build TEXT NOT NULL,
  seconds REAL NOT NULL,
  bytes INTEGER NOT NULL,
  created INTEGER NOT NULL,
  last_used INTEGER NOT NULL,
  inputs_size INTEGER NOT NULL,
  inputs BLOB
);
CREATE INDEX cache_records_place ON cache_records (scope, stage, created);
CREATE INDEX cache_records_used ON cache_records (last_used, inputs_size);
CREATE TABLE cache_builds (
  id TEXT PRIMARY KEY,
  started INTEGER NOT NULL,
  record TEXT NOT NULL
);
CREATE INDEX cache_builds_started ON cache_builds (started);
`;

/** Makes the tables where they are missing or of another version; whoever comes first does it for all. */
export function prepareSchema(db: SqlDatabase): void {
  if (versionOf(db) === VERSION) return;
  db.transaction(() => {
    if (versionOf(db) === VERSION) return;
    db.script(SCHEMA);
    db.run("INSERT OR REPLACE INTO kv VALUES ('cache-version', ?)", VERSION);
  });
}

function versionOf(db: SqlDatabase): string | undefined {
  return db.get<{ value: string }>("SELECT value FROM kv WHERE key = 'cache-version'")?.value;
}
