// Writes an archive of trees: directories of the disk kept exactly, each with a digest, and small documents beside
// them. It is an ordinary tar.

import type { Digest } from '../../core/index.ts';
import { BYTES_PER_TURN, createHasher, nextTurn } from '../../sys/index.ts';
import type { Entry } from '../image/index.ts';
import { copyContent } from './copy-content.ts';
import { encodeExactHeader } from './tar/encode.ts';
import { BLOCK, padding } from './tar/format.ts';
import { TarWriter } from './tar-writer.ts';
import { createTreeDigester, type TreeSummary } from './tree-digest.ts';
import { type ExactEntry, treeEntries } from './tree-entries.ts';
import type { ByteSink } from './types.ts';

/** An archive being written; its parts come in the order of the calls, each awaited. */
export interface TreePacker {
  /** A small file. */
  document(path: string, content: string): Promise<void>;
  /**
   * Directories (absolute path, path in the archive) as one tree.
   * @throws MilleError `io` for a file whose size changed while it was read
   */
  tree(directories: readonly { readonly directory: string; readonly path: string }[]): Promise<TreeSummary>;
  finish(): Promise<void>;
}

const ZEROES = new Uint8Array(2 * BLOCK);

/** Starts an archive. */
export function createTreePacker(sink: ByteSink): TreePacker {
  const writer = new TarWriter(sink);
  let turn = 0;
  const rest = async () => {
    if (writer.written - turn < BYTES_PER_TURN) return;
    turn = writer.written;
    await nextTurn();
  };
  return {
    document: async (path, content) => {
      const bytes = Buffer.from(content);
      await writer.write(encodeExactHeader(documentEntry(path, bytes.length), 0));
      await writer.write(bytes);
      await writer.write(ZEROES.subarray(0, padding(bytes.length)));
    },
    tree: async (directories) => {
      const digester = createTreeDigester();
      for (const { directory, path } of directories) {
        for (const found of treeEntries(directory, path)) {
          const { entry, nanoseconds } = found;
          const waiting = writer.write(encodeExactHeader(entry, nanoseconds));
          if (waiting) await waiting;
          digester.add(entry, nanoseconds, entry.type === 'file' ? await content(writer, found) : undefined);
          await rest();
        }
      }
      return digester.finish();
    },
    finish: async () => {
      await writer.write(ZEROES);
      await writer.finish();
    },
  };
}

function documentEntry(path: string, size: number): Entry {
  return { path, type: 'file', mode: 0o644, uid: 0, gid: 0, size, mtime: 0 };
}

async function content(writer: TarWriter, { entry, open }: ExactEntry): Promise<Digest> {
  if (!open) return createHasher().digest();
  const reader = open();
  try {
    return await copyContent(writer, { reader, size: entry.size, path: entry.path });
  } finally {
    reader.close();
  }
}
