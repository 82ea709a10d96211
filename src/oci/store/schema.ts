// The store's database: names, images, layers with their tables of contents, and small values by key. Files are
// found by their digest; the database says what they are. Tables of the build cache are made by that room.

import { MilleError } from '../../core/index.ts';
import {
  CWD,
  closeFd,
  effectiveUid,
  lockFd,
  O,
  openAt,
  openDatabase,
  type SqlDatabase,
  statAt,
} from '../../sys/index.ts';
import type { StorePaths } from './layout.ts';

/**
 * Raised whenever an older program could no longer understand the store, or would not be safe in it: since 2, things
 * are removed beside programs at work, which therefore claim what they rely on; since 3, names may point to indexes,
 * which an older one would not keep; since 4, layers of an image may be elsewhere, which an older one takes for damage.
 */
const SCHEMA_VERSION = 4;

/**
 * Whose store it is. Unpacked layers differ: real owners and `trusted.overlay.*` attributes for root, those of a
 * user namespace and `user.overlay.*` for others.
 */
export type Privilege = 'root' | 'rootless';

const SCHEMA = `
CREATE TABLE kv (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE layers (
  diff_id TEXT PRIMARY KEY,
  size INTEGER NOT NULL,
  content_id TEXT NOT NULL,
  files INTEGER NOT NULL,
  self_contained INTEGER NOT NULL,
  toc BLOB NOT NULL
);
CREATE TABLE layer_blobs (
  digest TEXT PRIMARY KEY,
  diff_id TEXT NOT NULL REFERENCES layers,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL
);
CREATE INDEX layer_blobs_of ON layer_blobs (diff_id);
CREATE TABLE unpacked (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, diff_ids TEXT NOT NULL);
CREATE TABLE images (
  manifest TEXT PRIMARY KEY,
  config TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  added INTEGER NOT NULL
);
CREATE INDEX images_by_config ON images (config);
CREATE TABLE names (
  name TEXT PRIMARY KEY,
  manifest TEXT NOT NULL REFERENCES images,
  moved INTEGER NOT NULL
);
CREATE INDEX names_of ON names (manifest);
`;

/** What came with version 2. */
const SCHEMA_2 = `
CREATE TABLE uses (what TEXT PRIMARY KEY, used INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE sizes (
  directory TEXT PRIMARY KEY,
  stamp TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  files INTEGER NOT NULL
) WITHOUT ROWID;
`;

/** What came with version 3. Members are all images that an index names, in the store or not. */
const SCHEMA_3 = `
CREATE TABLE indexes (digest TEXT PRIMARY KEY, media_type TEXT NOT NULL, size INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE index_members (
  digest TEXT NOT NULL REFERENCES indexes,
  manifest TEXT NOT NULL,
  PRIMARY KEY (digest, manifest)
) WITHOUT ROWID;
CREATE INDEX index_members_of ON index_members (manifest);
ALTER TABLE names ADD COLUMN image_index TEXT;
CREATE INDEX names_of_index ON names (image_index);
`;

/** What came with version 4: layers of images that are not here, and which image of a registry has them. */
const SCHEMA_4 = `
CREATE TABLE distant_blobs (
  manifest TEXT NOT NULL REFERENCES images,
  digest TEXT NOT NULL,
  origin TEXT NOT NULL,
  PRIMARY KEY (manifest, digest)
) WITHOUT ROWID;
CREATE INDEX distant_blobs_by_digest ON distant_blobs (digest);
`;

/**
 * Opens the database of a store, making it where there is none.
 * @throws MilleError `store-invalid` for a store of a newer program or of the other privilege.
 */
export function openStoreDatabase(paths: StorePaths, privilege: Privilege): SqlDatabase {
  const there = statAt(CWD, paths.database);
  // In a user namespace the files of others belong to nobody.
  if (there && privilege === 'rootless' && there.uid !== effectiveUid()) {
    throw new MilleError('store-invalid', `the store in '${paths.root}' belongs to another user`, {
      hint: CARRY_OVER,
    });
  }
  const db = openDatabase(paths.database);
  try {
    if (versionOf(db) < SCHEMA_VERSION) prepare(db, paths, privilege);
    checkStore(db, paths, privilege);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** An empty database that leaves no trace, for reading a store that isn't there. */
export function emptyStoreDatabase(privilege: Privilege): SqlDatabase {
  const db = openDatabase(':memory:');
  fill(db, privilege);
  return db;
}

function versionOf(db: SqlDatabase): number {
  return db.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
}

/** Makes the tables, or those that a store of an older version lacks. */
function prepare(db: SqlDatabase, paths: StorePaths, privilege: Privilege): void {
  // Switching to the write-ahead log needs the file alone and doesn't wait for it: one process at a time.
  const fd = openAt(CWD, paths.indexLock, { flags: O.RDWR | O.CREAT, mode: 0o644 });
  try {
    lockFd(fd, { exclusive: true, wait: true });
    const version = versionOf(db);
    if (version === 0) {
      db.get('PRAGMA journal_mode=WAL');
      fill(db, privilege);
    } else if (version < SCHEMA_VERSION) {
      db.transaction(() => {
        if (version < 2) db.script(SCHEMA_2);
        if (version < 3) db.script(SCHEMA_3);
        db.script(SCHEMA_4);
        db.run(`PRAGMA user_version=${SCHEMA_VERSION}`);
      });
    }
  } finally {
    closeFd(fd);
  }
}

function fill(db: SqlDatabase, privilege: Privilege): void {
  db.transaction(() => {
    db.script(SCHEMA);
    db.script(SCHEMA_2);
    db.script(SCHEMA_3);
    db.script(SCHEMA_4);
    db.run("INSERT INTO kv VALUES ('privilege', ?), ('generation', '0')", privilege);
    db.run(`PRAGMA user_version=${SCHEMA_VERSION}`);
  });
}

const CARRY_OVER = 'point MILLE_ROOT to another directory; `mille save` and `mille load` carry images over';

function checkStore(db: SqlDatabase, paths: StorePaths, privilege: Privilege): void {
  const version = versionOf(db);
  if (version > SCHEMA_VERSION) {
    throw new MilleError(
      'store-invalid',
      `the store in '${paths.root}' was written by a newer mille (format ${version}, this one knows ${SCHEMA_VERSION})`,
      { hint: 'use the newer mille, or point MILLE_ROOT to another directory' },
    );
  }
  const owner = db.get<{ value: string }>("SELECT value FROM kv WHERE key = 'privilege'")?.value;
  if (owner !== privilege) {
    const of = (kind: string | undefined) => (kind === 'root' ? 'root' : 'a user without root');
    throw new MilleError(
      'store-invalid',
      `the store in '${paths.root}' was made by ${of(owner)} and cannot be used by ${of(privilege)}`,
      { hint: CARRY_OVER },
    );
  }
}

/** Whether a store's database is there. */
export function hasDatabase(paths: StorePaths): boolean {
  return statAt(CWD, paths.database) !== undefined;
}
