// Reads an archive of trees into a directory. What comes in is hostile until checked: the caller says which names may
// occur and to which tree they belong, links never lead out of their tree, and every tree's digest is computed anew.

import { displayPath, MilleError } from '../../core/index.ts';
import { createHasher, type Hasher } from '../../sys/index.ts';
import type { Entry } from '../image/index.ts';
import { brokenTar } from './tar/format.ts';
import { type ReadingHandler, readTar } from './tar/parse.ts';
import { createTreeDigester, type TreeDigester, type TreeSummary } from './tree-digest.ts';
import { Unpacker } from './unpacker.ts';

/** What may be in an archive of trees. */
export interface TreesExpected {
  /** The tree that a path belongs to; undefined for a document. @throws MilleError for what may not be there */
  treeOf(path: string): string | undefined;
  /** Takes a document, in the order of the archive. */
  document(path: string, content: string): void;
  /** Told of bytes that are about to be written to the disk. */
  onBytes?(bytes: number): void;
}

/** What came out of it. */
export interface UnpackedTrees {
  readonly trees: ReadonlyMap<string, TreeSummary>;
  /** Paths that could not be made, or not with all attributes, for want of privilege. */
  readonly skipped: readonly string[];
}

const LARGEST_DOCUMENT = 16 * 1024 * 1024;

/**
 * Unpacks trees below `target`, an empty directory. After an error it is to be removed.
 * @throws MilleError `archive-broken`, `archive-escape`, `archive-limit`, `disk-full`, `io`; what `expected` throws
 */
export async function unpackTrees(
  stream: AsyncIterable<Uint8Array>,
  target: string,
  expected: TreesExpected,
): Promise<UnpackedTrees> {
  const unpacker = new Unpacker(target, { overlayXattr: 'trusted' });
  try {
    const digesters = new Map<string, TreeDigester>();
    await readTar(stream, handlerOf(unpacker, expected, digesters));
    const skipped = unpacker.finish();
    return { trees: new Map([...digesters].map(([name, one]) => [name, one.finish()])), skipped };
  } finally {
    unpacker.close();
  }
}

const ZEROES = new Uint8Array(1 << 16);

function handlerOf(
  unpacker: Unpacker,
  expected: TreesExpected,
  digesters: Map<string, TreeDigester>,
): ReadingHandler {
  let digester: TreeDigester | undefined;
  let hasher: Hasher | undefined;
  let text: Uint8Array[] = [];
  let time = 0;
  return {
    entry(entry, nanoseconds) {
      const tree = expected.treeOf(entry.path);
      time = nanoseconds;
      if (tree === undefined) {
        checkDocument(entry);
        digester = undefined;
        text = [];
        return;
      }
      if (entry.type === 'hardlink' && expected.treeOf(entry.link!) !== tree) throw leadsOut(entry);
      digester = digesters.get(tree) ?? createTreeDigester();
      digesters.set(tree, digester);
      hasher = entry.type === 'file' ? createHasher() : undefined;
      unpacker.begin(entry, nanoseconds);
    },
    data(bytes) {
      if (!digester) {
        text.push(bytes.slice());
        return;
      }
      expected.onBytes?.(bytes.length);
      hasher?.update(bytes);
      if (hasher) unpacker.write(bytes);
    },
    zeros(length) {
      if (!digester) throw brokenTar('a document has holes');
      for (let left = length; left > 0; left -= ZEROES.length)
        hasher?.update(left < ZEROES.length ? ZEROES.subarray(0, left) : ZEROES);
      if (hasher) unpacker.skip(length);
    },
    end(entry) {
      if (!digester) {
        expected.document(entry.path, Buffer.concat(text).toString());
        return;
      }
      if (hasher) unpacker.end(entry);
      digester.add(entry, time, hasher?.digest());
    },
  };
}

function checkDocument({ path, type, size }: Entry): void {
  if (type !== 'file') throw brokenTar(`'${displayPath(path)}' is no file`);
  if (size > LARGEST_DOCUMENT)
    throw new MilleError('archive-limit', `'${displayPath(path)}' is larger than ${LARGEST_DOCUMENT} bytes`);
}

function leadsOut({ path, link }: Entry): MilleError {
  return new MilleError(
    'archive-escape',
    `the hard link '${displayPath(path)}' leads to another tree: '${displayPath(link!)}'`,
    { hint: 'such an archive could reach files outside its directory; nothing of it was kept' },
  );
}
