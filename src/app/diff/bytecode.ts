// Python's compiled modules hold the time of their source (PEP 552), so that each build makes other ones of the same
// source: noise of times, though it lies in the content.

import type { Digest } from '../../core/index.ts';
import type { Content, FileChange } from '../../insight/differences/index.ts';
import type { Entry, OpenedImage } from '../../oci/image/index.ts';
import { createHasher } from '../../sys/index.ts';

/** In the header: four bytes of version, of flags, of the source's time, of its size. */
const TIME_START = 8;
const TIME_END = 12;
const FLAGS_START = 4;

/** The paths of changed modules that differ in nothing but the time of their source. */
export async function sameBytecode(
  [before, after]: readonly [OpenedImage, OpenedImage],
  changes: readonly FileChange[],
): Promise<ReadonlySet<string>> {
  const candidates = changes.filter(
    ({ path, aspects, before: a, after: b }) =>
      path.endsWith('.pyc') && aspects.length === 1 && aspects[0] === 'content' && a?.size === b?.size,
  );
  const old = await digests(
    before,
    candidates.map(({ beforeContent }) => beforeContent),
  );
  const now = await digests(
    after,
    candidates.map(({ afterContent }) => afterContent),
  );
  const same = candidates.filter(({ beforeContent, afterContent }) => {
    const digest = beforeContent && old.get(beforeContent.entry);
    return digest !== undefined && afterContent && digest === now.get(afterContent.entry);
  });
  return new Set(same.map(({ path }) => path));
}

/** Digests of modules without the times in them; none for those that are checked by the hash of their source. */
async function digests(
  image: OpenedImage,
  contents: readonly (Content | undefined)[],
): Promise<ReadonlyMap<Entry, Digest>> {
  const found = new Map<Entry, Digest>();
  for (const [i, layer] of image.layers.entries()) {
    const wanted = new Set(contents.flatMap((one) => (one?.layer === i ? one.entry : [])));
    if (wanted.size > 0)
      await layer.read((entry) =>
        wanted.has(entry) ? withoutTime((digest) => found.set(entry, digest)) : undefined,
      );
  }
  return found;
}

function withoutTime(done: (digest: Digest) => void) {
  const hasher = createHasher();
  let at = 0;
  let byTime = true;
  return {
    data(bytes: Uint8Array) {
      const start = Math.max(0, TIME_START - at);
      const end = Math.max(0, TIME_END - at);
      for (let i = Math.max(0, FLAGS_START - at); i < Math.min(start, bytes.length); i++)
        if (bytes[i] !== 0) byTime = false;
      hasher.update(bytes.subarray(0, start));
      hasher.update(bytes.subarray(end));
      at += bytes.length;
    },
    end() {
      if (byTime && at > TIME_END) done(hasher.digest());
    },
  };
}
