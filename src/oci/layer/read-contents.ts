// The contents of a layer's files, passed on in one reading of its tar.

import { MilleError } from '../../core/index.ts';
import { CONTENT_START, type ContentVisitor, type Entry, type TableOfContents } from '../image/index.ts';
import { asLayerEntry } from './tar/name.ts';
import { readTar } from './tar/parse.ts';

const ZEROES = new Uint8Array(1 << 16);

/**
 * Reads a layer's plain tar and gives contents to those who want them.
 * @param toc what the layer is known to hold: the visitor gets the entries of this table, with their digests
 * @throws MilleError `archive-broken` and the like; `digest-mismatch` where the tar is of another layer; what the
 *   visitor throws
 */
export async function readContents(
  stream: AsyncIterable<Uint8Array>,
  toc: TableOfContents,
  visit: (entry: Entry) => ContentVisitor | undefined,
): Promise<void> {
  let next = 0;
  let visitor: ContentVisitor | undefined;
  await readTar(stream, {
    entry(written) {
      visitor = undefined;
      const meant = asLayerEntry(written);
      if (!meant) return;
      const known = toc.entries[next++];
      if (known?.path !== meant.path || known.type !== meant.type || known.size !== meant.size)
        throw otherLayer();
      const wanted = visit(known);
      visitor = wanted && startedWhole(wanted, known.size);
    },
    data: (bytes) => visitor?.data(bytes),
    zeros(length) {
      if (!visitor) return;
      for (let left = length; left > 0; left -= ZEROES.length)
        visitor.data(left < ZEROES.length ? ZEROES.subarray(0, left) : ZEROES);
    },
    end: () => visitor?.end?.(),
  });
  if (next !== toc.entries.length) throw otherLayer();
}

/** Hands on parts as they come, but for a first one that the stream cut too short. */
function startedWhole(visitor: ContentVisitor, size: number): ContentVisitor {
  const needed = Math.min(CONTENT_START, size);
  let start: Uint8Array | undefined;
  let have = 0;
  return {
    data(bytes) {
      if (have >= needed) return visitor.data(bytes);
      if (have === 0 && bytes.length >= needed) {
        have = needed;
        return visitor.data(bytes);
      }
      start ??= new Uint8Array(needed);
      const part = bytes.subarray(0, needed - have);
      start.set(part, have);
      have += part.length;
      if (have < needed) return;
      visitor.data(start);
      if (part.length < bytes.length) visitor.data(bytes.subarray(part.length));
    },
    end: () => visitor.end?.(),
  };
}

function otherLayer(): MilleError {
  return new MilleError('digest-mismatch', 'a layer holds something else than before', {
    hint: 'something changed it while it was being read: try again',
  });
}
