// The store as a whole: opened, its parts put together, closed.

import { type Digest, digestHex, displayPath, MilleError } from '../../core/index.ts';
import {
  CWD,
  type DiskUsage,
  isErrno,
  makeDirectories,
  type SqlDatabase,
  statAt,
  writeFileAtomically,
} from '../../sys/index.ts';
import { type Blobs, createBlobs } from './blobs.ts';
import { createBudget, type Room, type RoomOptions, type StoreLimit } from './budget.ts';
import { type Claims, createClaims, type Held } from './claims.ts';
import { type Collected, collect } from './collect.ts';
import { compact } from './compact.ts';
import { createImages, type Images } from './images.ts';
import { changer, LAYOUT_MARKER, refreshIndex } from './index-file.ts';
import { createIndexes, type Indexes } from './indexes.ts';
import { createLayers, type Layers } from './layers.ts';
import { makeStoreDirectories, type StorePaths, storePaths } from './layout.ts';
import type { Place } from './place.ts';
import { createReferences, type Roots } from './references.ts';
import { removeImages } from './remove-images.ts';
import { type RemovedUnpacked, removeUnpacked } from './remove-unpacked.ts';
import { keepReserve, spendReserve } from './reserve.ts';
import { emptyStoreDatabase, hasDatabase, openStoreDatabase, type Privilege } from './schema.ts';
import { forgetSize, type StampedDirectory, sizeOf } from './sizes.ts';
import { createUnpacked, type Unpacked } from './unpacked.ts';
import { measureStore, type StoreUsage } from './usage.ts';
import { lastUse, noteUse } from './uses.ts';
import type { StoreProblem, VerifyOptions } from './verify/problem.ts';
import { repair } from './verify/repair.ts';
import { verify } from './verify/verify.ts';
import { createWorkspace, type Temporary } from './workspace.ts';

/** An open store. All calls but those that say so are synchronous. */
export interface Store extends Blobs, Layers, Unpacked, Images, Indexes {
  readonly root: string;
  readonly paths: StorePaths;
  readonly privilege: Privilege;
  /** The database, for rooms that keep tables of their own. Names of images are never changed inside its transactions. */
  readonly db: SqlDatabase;
  /** A small value that was set before, by whichever process. */
  getValue(key: string): string | undefined;
  setValue(key: string, value: string): void;
  forgetValue(key: string): void;
  /** All values whose keys begin so. */
  values(prefix: string): ReadonlyMap<string, string>;
  /** The same for bytes, up to some megabytes. */
  getBytes(key: string): Uint8Array | undefined;
  setBytes(key: string, value: Uint8Array): void;
  /** A name (absolute) in the store's file system where nothing is, for things in the making or on their way out. */
  freshPath(prefix: string): string;
  /** A fresh directory in the store's file system that is removed when the store is closed, or after a kill. */
  makeTemporary(prefix: string): Temporary;
  /**
   * Begins work on the store: what is found, made or put here from now on is removed by nobody until this is released.
   * For builds, running containers, and whatever adds to the store.
   */
  lockShared(): Held;
  /** Who relies on what. */
  readonly claims: Claims;
  /** What a directory takes, by its path from the root: remembered as long as it has the same stamp. */
  sizeOf(directory: StampedDirectory): DiskUsage;
  forgetSize(name: string): void;
  /** Room for something to be written into the store's file system, where a limit is to be kept. */
  room(options?: RoomOptions): Room;
  /** What everything takes, but for the directories in the root that are named here. */
  usage(elsewhere: readonly string[]): StoreUsage;
  /** Whose use is known: an image, milliseconds since the epoch. */
  lastUse(manifestDigest: Digest): number | undefined;
  /** Removes unpacked layers by their keys, but for those in use. */
  removeUnpacked(keys: readonly Digest[]): RemovedUnpacked;
  /** Removes images, with their names, but for those in use. @returns those that are gone */
  removeImages(manifestDigests: readonly Digest[]): Digest[];
  /** Removes all that killed processes left. */
  sweep(): void;
  /** Keeps something back for a full disk, and gives it up again. */
  keepReserve(): void;
  spendReserve(): void;
  /** Makes the database smaller: bytes that nobody used since then (milliseconds since the epoch) and free pages go. */
  compact(unusedSince: number): void;
  /** Removes what no image, no root and nobody at work needs. */
  collect(roots?: Roots): Collected;
  /** What contradicts what, and what was left by killed processes. Claims nothing, changes nothing. */
  findProblems(options: VerifyOptions): Promise<StoreProblem[]>;
  /** Forgets what is broken, of the problems found; looking again shows what is left. */
  repair(problems: readonly StoreProblem[]): void;
  /** Reads everything again; what is wrong, in a sentence each, and nothing for a sound store. Slow. */
  verify(): Promise<string[]>;
  close(): void;
}

/** How to open a store. */
export interface OpenOptions {
  /** Whether this process is root, or root in a user namespace only. */
  readonly privilege: Privilege;
  /** Makes nothing where there is no store yet: it then looks like an empty one. */
  readonly readOnly?: boolean;
  /** What the store may take; asked for whenever something is about to be written. */
  readonly limit?: (store: Store) => StoreLimit | undefined;
  /** Gives up the reserve where a full disk lets nothing be opened: for whoever is about to free something. */
  readonly useReserve?: boolean;
}

/**
 * Opens the store in a directory (absolute), making it where there is none.
 * @throws MilleError `store-invalid` for a store of a newer program or of the other privilege; `disk-full`; `io`
 */
export function openStore(root: string, options: OpenOptions): Store {
  const { privilege, readOnly = false } = options;
  const paths = storePaths(root);
  const absent = readOnly && !hasDatabase(paths);
  if (!absent) makeLayout(paths);
  const db = absent ? emptyStoreDatabase(privilege) : openDatabaseOf(paths, options);
  const workspace = createWorkspace(paths);
  const claims = createClaims(paths);
  const budget = createBudget(db, () => options.limit?.(store));
  const place: Place = { paths, privilege, db, workspace, claims, budget };
  const blobs = createBlobs(place);
  const layers = createLayers(place);
  const change = changer(place);
  const indexes = createIndexes(place, blobs, change);
  const images = createImages(place, { blobs, layers, indexes, change });
  const unpacked = createUnpacked(place, layers);
  const parts = { blobs, layers, images, indexes };
  const references = createReferences(place);
  try {
    if (!absent) refreshIndex(place);
  } catch (error) {
    db.close();
    throw error;
  }
  const setAny = (key: string, value: string | Uint8Array) => {
    db.run('INSERT INTO kv VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2', key, value);
  };
  let open = true;
  const store: Store = {
    ...blobs,
    ...layers,
    ...images,
    putIndex: indexes.putIndex,
    tagIndex: indexes.tagIndex,
    index: indexes.index,
    indexOf: indexes.indexOf,
    attestationsOf: indexes.attestationsOf,
    peekAttestedBlobs: indexes.peekAttestedBlobs,
    ...unpacked,
    root,
    paths,
    privilege,
    db,
    getValue: (key) => db.get<{ value: string }>('SELECT value FROM kv WHERE key = ?', `value:${key}`)?.value,
    setValue: (key, value) => setAny(`value:${key}`, value),
    forgetValue: (key) => {
      db.run('DELETE FROM kv WHERE key = ?', `value:${key}`);
    },
    values: (prefix) => {
      const [from, to] = [`value:${prefix}`, `value:${prefix}\u{10ffff}`];
      const rows = db.all<{ key: string; value: string }>(
        'SELECT key, value FROM kv WHERE key >= ? AND key < ?',
        ...[from, to],
      );
      return new Map(rows.map(({ key, value }) => [key.slice('value:'.length), value]));
    },
    getBytes: (key) => {
      const value = db.get<{ value: Uint8Array }>(
        'SELECT value FROM kv WHERE key = ?',
        `bytes:${key}`,
      )?.value;
      if (value) noteUse(db, `bytes:${key}`);
      return value;
    },
    setBytes: (key, value) => {
      setAny(`bytes:${key}`, value);
      noteUse(db, `bytes:${key}`);
    },
    claims,
    sizeOf: (directory) => sizeOf(place, directory),
    forgetSize: (name) => forgetSize(place, name),
    usage: (elsewhere) => measureStore(place, elsewhere),
    lastUse: (manifest) => lastUse(db, `image:${manifest}`),
    removeUnpacked: (keys) =>
      removeUnpacked(
        place,
        keys.map((key) => digestHex(key)),
      ),
    removeImages: (manifests) => removeImages(place, images, manifests),
    sweep: workspace.sweep,
    keepReserve: () => keepReserve(paths),
    spendReserve: () => void spendReserve(paths),
    compact: (unusedSince) => compact(db, unusedSince),
    freshPath: workspace.freshPath,
    makeTemporary: (prefix) => {
      // What comes into it may be anything: at least the limit is kept before it begins.
      budget.room().release();
      return workspace.makeTemporary(prefix);
    },
    room: budget.room,
    lockShared: claims.work,
    collect: (roots = {}) => collect(place, references, roots),
    findProblems: (options) => verify(place, parts, options),
    repair: (problems) => repair(place, parts, problems),
    verify: async () => {
      const problems = await verify(place, parts, { deep: true });
      return problems.filter(({ harmless }) => !harmless).map(({ message }) => message);
    },
    close: () => {
      if (!open) return;
      open = false;
      workspace.close();
      claims.close();
      db.close();
    },
  };
  return store;
}

function openDatabaseOf(paths: StorePaths, { privilege, useReserve = false }: OpenOptions): SqlDatabase {
  try {
    return openStoreDatabase(paths, privilege);
  } catch (error) {
    const isFull = error instanceof MilleError && error.code === 'disk-full';
    if (!isFull || !useReserve || !spendReserve(paths)) throw error;
    return openStoreDatabase(paths, privilege);
  }
}

function makeLayout(paths: StorePaths): void {
  if (statAt(CWD, paths.layoutFile)) return;
  const there = statAt(CWD, paths.root);
  if (there && there.type !== 'dir' && there.type !== 'symlink') {
    throw new MilleError(
      'store-invalid',
      `the store cannot be at '${displayPath(paths.root)}': it is not a directory`,
      {
        hint: 'point MILLE_ROOT to a directory; it is made if it is not there',
      },
    );
  }
  try {
    makeDirectories(paths.root);
    keepReserve(paths);
    makeStoreDirectories(paths);
  } catch (error) {
    if (!isErrno(error, 'EACCES', 'EPERM', 'EROFS')) throw error;
    throw new MilleError(
      'io',
      `the store cannot be made in '${displayPath(paths.root)}': ${(error as Error).message}`,
      {
        hint: 'point MILLE_ROOT to a directory that you can write to',
        cause: error,
      },
    );
  }
  // Last: where it is, the directories are.
  writeFileAtomically(paths.layoutFile, LAYOUT_MARKER);
}
