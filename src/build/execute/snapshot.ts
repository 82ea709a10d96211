// A stack of layers as the steps of a build see it: what it holds, without unpacking anything until bytes are read.

import { type Digest, LIMITS, MilleError } from '../../core/index.ts';
import type { ContentReader, FileTree, LayerInfo } from '../../oci/image/index.ts';
import { type MergedEntry, type MergedTree, mergeTables, snapshotTree } from '../../oci/layer/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { CWD, closeFd, O, openDirectory, openInRoot, readInto, sha256 } from '../../sys/index.ts';
import type { AccountFiles } from './account.ts';

/** A root file system: layers, bottom first. */
export interface Snapshot {
  readonly layers: readonly LayerInfo[];
}

/**
 * What a snapshot holds: the parent in the key of the step that comes next. Times are left out, but not where they are
 * clamped: there the digest is promised, and times before the one they are clamped to are in it.
 */
export function snapshotContent(snapshot: Snapshot, { clampTime }: { readonly clampTime?: number }): Digest {
  const ids = snapshot.layers.map((layer) => (clampTime === undefined ? layer.contentId : layer.diffId));
  return sha256(ids.join('\n'));
}

/** The diffIDs of a snapshot, bottom first. */
export function diffIds(snapshot: Snapshot): Digest[] {
  return snapshot.layers.map((layer) => layer.diffId);
}

/** The snapshot with a layer on top. */
export function withLayer(snapshot: Snapshot, layer: LayerInfo): Snapshot {
  return { layers: [...snapshot.layers, layer] };
}

/**
 * The snapshot of layers that are in the store.
 * @throws MilleError `image-missing` where one is not.
 */
export function snapshotOf(store: Store, ids: readonly Digest[]): Snapshot {
  const layers = ids.map((id) => {
    const stored = store.layer(id);
    if (!stored) {
      throw new MilleError('image-missing', `the layer ${id} is not in the store`, {
        hint: 'the image is incomplete: load or make it again',
      });
    }
    return stored.info;
  });
  return { layers };
}

const merged = new Map<string, MergedTree>();
const KEPT = 8;

/** What the snapshot shows, from the tables of contents alone. The last few are kept. */
export function mergedTree(store: Store, snapshot: Snapshot): MergedTree {
  const key = diffIds(snapshot).join();
  const known = merged.get(key);
  if (known) return known;
  const tree = mergeTables(snapshot.layers.map((layer) => store.toc(layer.diffId)));
  merged.set(key, tree);
  if (merged.size > KEPT) merged.delete(merged.keys().next().value!);
  return tree;
}

/** A snapshot's files for COPY --from. Their names and digests are known at once; `ready` before reading bytes. */
export interface SnapshotFiles {
  readonly tree: FileTree;
  /** Follows the links of a path, as if the files were the root directory; undefined for a loop. */
  resolve(path: string): string | undefined;
  /** Unpacks the layers, so that the tree's files can be opened. */
  ready(): Promise<void>;
  close(): void;
}

/** Opens the files of a snapshot. */
export function snapshotFiles(store: Store, snapshot: Snapshot): SnapshotFiles {
  let roots: number[] | undefined;
  let directories: string[] = [];
  const fdOf = (file: MergedEntry): number => {
    const fd = roots?.[file.layer];
    if (fd === undefined) throw new Error('the snapshot is not unpacked yet');
    return fd;
  };
  // Put together when somebody looks: where it is known what a step takes of it nobody does.
  let shown: MergedTree | undefined;
  let tree: FileTree | undefined;
  const merge = () => (shown ??= mergedTree(store, snapshot));
  return {
    resolve: (path) => merge().resolve(path),
    get tree() {
      tree ??= snapshotTree(merge(), {
        open: (file) =>
          fileReader(openInRoot(fdOf(file), file.entry.path, { flags: O.RDONLY | O.NOFOLLOW | O.NONBLOCK })),
        localPath: (file) => (roots ? `${directories[file.layer]}/${file.entry.path}` : undefined),
      });
      return tree;
    },
    async ready() {
      if (roots) return;
      const unpacked = await store.ensureUnpacked(diffIds(snapshot));
      directories = unpacked.map((layer) => layer.directory);
      roots = directories.map((directory) => openDirectory(CWD, directory));
    },
    close() {
      for (const fd of roots ?? []) closeFd(fd);
      roots = undefined;
    },
  };
}

function fileReader(fd: number): ContentReader {
  return { read: (buffer) => readInto(fd, buffer), close: () => closeFd(fd) };
}

/**
 * The account files of a snapshot. What is no regular file, or not there, is empty.
 * @throws MilleError `image-invalid` for one that is absurdly large.
 */
export async function accountFiles(store: Store, snapshot: Snapshot): Promise<AccountFiles> {
  const files = snapshotFiles(store, snapshot);
  const view = mergedTree(store, snapshot);
  const read = async (path: string): Promise<string> => {
    const real = view.resolve(path);
    const entry = real === undefined ? undefined : files.tree.get(real);
    if (entry?.type !== 'file' || entry.size === 0) return '';
    if (entry.size > LIMITS.accountFile) {
      throw new MilleError(
        'image-invalid',
        `/${path} of the image is larger than ${LIMITS.accountFile} bytes`,
      );
    }
    await files.ready();
    const reader = files.tree.open(entry.path);
    try {
      const bytes = new Uint8Array(entry.size);
      let length = 0;
      for (
        let count = reader.read(bytes);
        count > 0 && length < bytes.length;
        count = reader.read(bytes.subarray(length))
      ) {
        length += count;
      }
      return Buffer.from(bytes.subarray(0, length)).toString();
    } finally {
      reader.close();
    }
  };
  try {
    return { passwd: await read('etc/passwd'), group: await read('etc/group') };
  } finally {
    files.close();
  }
}
