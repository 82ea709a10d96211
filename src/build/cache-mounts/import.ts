// Caches read from an archive: unpacked out of sight, compared with their digests, and then put into place, each in
// one step. Either all of it was right, or nothing happens.

import { type Digest, MilleError } from '../../core/index.ts';
import { type TreeSummary, type UnpackedTrees, unpackTrees } from '../../oci/layer/index.ts';
import type { Store } from '../../oci/store/index.ts';
import {
  CWD,
  chmodAt,
  decompress,
  exchangeAt,
  renameAt,
  statAt,
  writeFileAtomically,
} from '../../sys/index.ts';
import { badArchive, HEAD, readHead, readTail, TAIL, treeName, treeOf } from './archive.ts';
import { mountInUse } from './export.ts';
import { identityText, type MountIdentity, mountHash, mountPath } from './identity.ts';

/** A cache that came in. */
export interface ImportedMount {
  readonly hash: Digest;
  readonly identity: MountIdentity;
  readonly files: number;
  /** Bytes of content. */
  readonly bytes: number;
  /** Whether there was one already, which is gone. */
  readonly replaced: boolean;
}

/** What an import brought. */
export interface Imported {
  readonly mounts: readonly ImportedMount[];
  /** Paths that could not be made, or not with all attributes, for want of privilege. */
  readonly skipped: readonly string[];
}

interface Incoming {
  readonly hash: Digest;
  readonly identity: MountIdentity;
  readonly summary: TreeSummary;
  /** Absolute. */
  readonly directory: string;
}

/**
 * Reads an archive, compressed or not, and puts its caches in the place of those of the same name.
 * @throws MilleError `archive-broken`, `archive-escape`, `archive-limit`, `digest-mismatch`, `disk-full`;
 *   `cache-in-use` where a build uses one that would be replaced; the store is then as it was
 */
export async function importMounts(
  store: Store,
  chunks: AsyncIterable<Uint8Array>,
  options: { readonly onBytes?: (bytes: number) => void } = {},
): Promise<Imported> {
  const temporary = store.makeTemporary('import');
  const room = store.room();
  try {
    const { stream } = await decompress(chunks);
    const documents = new Map<string, string>();
    const found = await unpackTrees(stream, temporary.path, {
      treeOf: (path) => {
        const tree = treeOf(path);
        if (tree !== undefined && !documents.has(HEAD)) throw badArchive(`it does not begin with ${HEAD}`);
        return tree;
      },
      document: (path, content) => {
        if (documents.has(path)) throw badArchive(`it holds ${path} twice`);
        if (path === HEAD) readHead(content);
        documents.set(path, content);
      },
      onBytes: (bytes) => {
        options.onBytes?.(bytes);
        room.grow(bytes);
      },
    });
    const incoming = check(documents, found, temporary.path);
    for (const one of incoming) prepare(one);
    return { mounts: putInPlace(store, incoming), skipped: found.skipped };
  } finally {
    temporary.remove();
    room.release();
  }
}

/** Compares what came with what was said. */
function check(documents: ReadonlyMap<string, string>, found: UnpackedTrees, directory: string): Incoming[] {
  const head = documents.get(HEAD);
  if (head === undefined) throw badArchive(`there is no ${HEAD} in it`);
  const tail = documents.get(TAIL);
  if (tail === undefined) throw badArchive('it ends too early');
  const identities = readHead(head);
  const promised = readTail(tail);
  if (promised.length !== identities.length || found.trees.size !== identities.length)
    throw badArchive('it does not hold the mounts that it lists');
  const incoming = identities.map((identity, i) => {
    const summary = found.trees.get(treeName(i));
    if (!summary) throw badArchive(`it lists ${identity.id} and does not hold it`);
    if (summary.digest !== promised[i]!.digest) throw mismatch(identity, promised[i]!, summary);
    return { hash: mountHash(identity), identity, summary, directory: `${directory}/${treeName(i)}` };
  });
  if (new Set(incoming.map(({ hash }) => hash)).size !== incoming.length)
    throw badArchive('it holds a mount twice');
  return incoming;
}

function mismatch({ id }: MountIdentity, promised: TreeSummary, found: TreeSummary): MilleError {
  return new MilleError(
    'digest-mismatch',
    `the cache mount ${id} of the archive should be ${promised.digest} but is ${found.digest}`,
    { hint: 'it is damaged or was tampered with: write it again' },
  );
}

function prepare({ directory, identity }: Incoming): void {
  chmodAt(CWD, directory, 0o700);
  writeFileAtomically(`${directory}/about.json`, `${identityText(identity)}\n`);
}

/** What was there before is left where the new one came from. */
function putInPlace(store: Store, incoming: readonly Incoming[]): ImportedMount[] {
  return store.claims.removing((take) => {
    const busy = incoming.find(({ hash }) => !take(hash));
    if (busy) throw mountInUse(busy, 'replaced');
    return incoming.map(({ hash, identity, directory, summary }) => {
      const [from, to] = [directory, mountPath(store, hash)].map((name) => ({ dirFd: CWD, name }));
      const replaced = statAt(CWD, to!.name) !== undefined;
      if (replaced) exchangeAt(from!, to!);
      else renameAt(from!, to!);
      return { hash, identity, files: summary.files, bytes: summary.bytes, replaced };
    });
  });
}
