// Unpacked layers: directories that overlayfs can stack. One that depends on nothing below it is kept under its
// diffID and shared by every image; others (a parent or a link's target comes from below, or the directory was the
// upper one of a RUN, whose marks say what that RUN's own base had) are kept under the key of their whole stack.

import { type Digest, displayPath, MilleError } from '../../core/index.ts';
import {
  CWD,
  isErrno,
  readLinkAt,
  removeTree,
  renameAt,
  sha256,
  statAt,
  symlinkAt,
} from '../../sys/index.ts';
import { type MergedTree, mergeTables, unpackLayer } from '../layer/index.ts';
import type { Room } from './budget.ts';
import type { Layers } from './layers.ts';
import { layerDirectory } from './layout.ts';
import type { Place } from './place.ts';
import { beginUnpacking, type Unpacking } from './unpacking.ts';
import { noteUse } from './uses.ts';

/** One unpacked layer. */
export interface UnpackedLayer {
  readonly diffId: Digest;
  readonly key: Digest;
  /** Absolute. Nothing may ever be changed in it. */
  readonly directory: string;
  /** A name of a few characters for the same directory, below `linksDirectory`. */
  readonly shortName: string;
}

/** The unpacked layers of a store. */
export interface Unpacked {
  /** The directory that holds the short names. */
  readonly linksDirectory: string;
  /** The unpacked form of the top layer of a stack (diffIDs, bottom first) where there is one. */
  unpacked(diffIds: readonly Digest[]): UnpackedLayer | undefined;
  /** Unpacks what is missing of a stack; bottom first, as given. */
  ensureUnpacked(diffIds: readonly Digest[], options?: UnpackProgress): Promise<UnpackedLayer[]>;
  /** Begins to unpack a layer that comes; undefined where it is unpacked already. */
  beginUnpacking(diffId: Digest): Unpacking | undefined;
  /**
   * Takes a directory of the store's file system as the unpacked form of the top layer of a stack, by renaming it:
   * the upper directory of a RUN becomes a layer without a copy. If there is one already, the new one is removed.
   */
  adoptUnpacked(directory: string, diffIds: readonly Digest[]): UnpackedLayer;
}

/** Where to report what takes long. */
export interface UnpackProgress {
  readonly onUnpack?: (diffId: Digest) => void;
  /** Entries that could not be made for want of privilege (device nodes in a user namespace). */
  readonly onSkipped?: (diffId: Digest, paths: readonly string[]) => void;
}

/**
 * Short names of a stack for overlayfs, top first. An image may have the same layer several times, empty ones above
 * all, but overlayfs takes a directory only once: the topmost shows all that the same one further down would.
 */
export function lowerNames(stack: readonly UnpackedLayer[]): string[] {
  return [...new Set(stack.map((layer) => layer.shortName).reverse())];
}

/** The key of the top of a stack where it depends on the layers below. */
function stackKey(diffIds: readonly Digest[]): Digest {
  return sha256(`stack\n${diffIds.join('\n')}`);
}

/** The unpacked layers of the store at `place`. */
export function createUnpacked(place: Place, layers: Layers): Unpacked {
  const { db, paths, workspace, claims } = place;

  const isSelfContained = (diffId: Digest) =>
    db.get<{ self_contained: number }>('SELECT self_contained FROM layers WHERE diff_id = ?', diffId)
      ?.self_contained === 1;

  const numberOf = (key: Digest, diffIds: readonly Digest[]) => {
    const find = () => db.get<{ id: number }>('SELECT id FROM unpacked WHERE key = ?', key)?.id;
    const known = find();
    if (known !== undefined) return known;
    db.run('INSERT OR IGNORE INTO unpacked (key, diff_ids) VALUES (?, ?)', key, diffIds.join(' '));
    return find()!;
  };

  const describe = (key: Digest, diffIds: readonly Digest[]): UnpackedLayer => {
    const directory = layerDirectory(paths, key);
    const shortName = numberOf(key, diffIds).toString(36);
    ensureLink(`../layers/${directory.slice(directory.lastIndexOf('/') + 1)}`, `${paths.links}/${shortName}`);
    if (claims.working) noteUse(db, `unpacked:${key}`);
    return { diffId: diffIds.at(-1)!, key, directory, shortName };
  };

  const unpacked = (diffIds: readonly Digest[]) => {
    const own = diffIds.at(-1)!;
    const keys = isSelfContained(own) ? [own, stackKey(diffIds)] : [stackKey(diffIds)];
    const key = keys.find((candidate) => {
      claims.claim(`unpacked:${candidate}`);
      return statAt(CWD, layerDirectory(paths, candidate))?.type === 'dir';
    });
    return key && describe(key, key === own ? [own] : diffIds);
  };

  const moveIn = (directory: string, key: Digest, diffIds: readonly Digest[]) => {
    claims.claim(`unpacked:${key}`);
    // The row first: what has no row is removed by the next collection.
    numberOf(key, diffIds);
    try {
      renameAt({ dirFd: CWD, name: directory }, { dirFd: CWD, name: layerDirectory(paths, key) });
    } catch (error) {
      // Somebody else was faster, with the same content.
      if (!isErrno(error, 'ENOTEMPTY', 'EEXIST')) throw error;
      removeTree(CWD, directory);
    }
    return describe(key, diffIds);
  };

  const unpackOne = async (below: readonly UnpackedLayer[], diffId: Digest, progress: UnpackProgress) => {
    const diffIds = [...below.map((layer) => layer.diffId), diffId];
    const whole = isSelfContained(diffId);
    const key = whole ? diffId : stackKey(diffIds);
    const lock = await workspace.lockName(`unpack-${key.slice(7)}`);
    try {
      const made = unpacked(diffIds);
      if (made) return made;
      progress.onUnpack?.(diffId);
      const expected = layers.layer(diffId)?.info.size ?? 0;
      const room = place.budget.room({ expected });
      const temporary = workspace.makeTemporary('unpack');
      try {
        const result = await unpackLayer(counted(layers.streamLayer(diffId), room), temporary.path, {
          overlayXattr: place.privilege === 'root' ? 'trusted' : 'user',
          ...(whole ? {} : lowerOptions(below, layers)),
        });
        if (result.skipped.length > 0) progress.onSkipped?.(diffId, result.skipped);
        return moveIn(temporary.path, key, whole ? [diffId] : diffIds);
      } finally {
        temporary.remove();
        room.release();
      }
    } finally {
      lock.release();
    }
  };

  return {
    linksDirectory: paths.links,
    unpacked,
    ensureUnpacked: async (diffIds, progress = {}) => {
      const out: UnpackedLayer[] = [];
      for (const [i, diffId] of diffIds.entries()) {
        out.push(unpacked(diffIds.slice(0, i + 1)) ?? (await unpackOne(out, diffId, progress)));
      }
      return out;
    },
    beginUnpacking: (diffId) => {
      claims.claim(`unpacked:${diffId}`);
      if (statAt(CWD, layerDirectory(paths, diffId))?.type === 'dir') return undefined;
      return beginUnpacking(place, diffId, (directory) => void moveIn(directory, diffId, [diffId]));
    },
    adoptUnpacked: (directory, diffIds) => {
      if (statAt(CWD, directory)?.type !== 'dir') {
        throw new MilleError('io', `not a directory: '${displayPath(directory)}'`);
      }
      return moveIn(directory, stackKey(diffIds), diffIds);
    },
  };
}

/** An unpacked layer takes about what its tar does. */
async function* counted(chunks: AsyncIterable<Uint8Array>, room: Room): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    room.grow(chunk.length);
    yield chunk;
  }
}

function lowerOptions(below: readonly UnpackedLayer[], layers: Layers) {
  const lower: MergedTree = mergeTables(below.map((layer) => layers.toc(layer.diffId)));
  const lowerPath = (path: string) => {
    const found = lower.get(path);
    return found && `${below[found.layer]!.directory}/${found.entry.path}`;
  };
  return { lower, lowerPath };
}

function ensureLink(target: string, link: string): void {
  try {
    if (readLinkAt(CWD, link) === target) return;
    removeTree(CWD, link);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
  }
  try {
    symlinkAt(target, CWD, link);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  }
}
