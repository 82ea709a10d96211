// Files of two images that differ and mean the same: their contents are read for it.

import type { Digest } from '../../core/index.ts';
import type { Content } from '../../insight/differences/index.ts';
import type { ObservedImage } from '../../insight/optimize/index.ts';
import { filesToRead, normaliserOf } from '../../insight/verify/index.ts';
import type { Entry, OpenedImage } from '../../oci/image/index.ts';
import { createHasher } from '../../sys/index.ts';
import { withImage } from '../open-image/open-image.ts';
import { withServices } from '../services.ts';

/** The paths at which two images of the store differ in nothing that counts, and what was left out of the comparison. */
export async function leftOut(
  before: ObservedImage,
  after: ObservedImage,
): Promise<ReadonlyMap<string, string>> {
  const files = filesToRead(before, after);
  if (files.length === 0) return new Map();
  return await withServices('read', async (services) => {
    const read = ({ imageId }: ObservedImage, contents: readonly (Content | undefined)[]) =>
      withImage(services, imageId, {}, (image) => digestsOf(image, contents));
    const old = await read(
      before,
      files.map(({ beforeContent }) => beforeContent),
    );
    const now = await read(
      after,
      files.map(({ afterContent }) => afterContent),
    );
    const same = files.filter(({ beforeContent, afterContent }) => {
      const digest = beforeContent && old(beforeContent);
      return digest !== undefined && afterContent && digest === now(afterContent);
    });
    return new Map(same.map(({ path }) => [path, normaliserOf(path)!.leftOut]));
  });
}

/** Digests of what counts in files, by where their contents are; none for what is of another kind than its name says. */
async function digestsOf(
  image: OpenedImage,
  contents: readonly (Content | undefined)[],
): Promise<(content: Content) => Digest | undefined> {
  const found = new Map<string, Digest>();
  for (const [i, layer] of image.layers.entries()) {
    const wanted = new Set(contents.flatMap((one) => (one?.layer === i ? [one.entry.path] : [])));
    if (wanted.size === 0) continue;
    await layer.read((entry) =>
      wanted.has(entry.path) && entry.type === 'file'
        ? gather(entry, (digest) => found.set(keyOf(i, entry), digest))
        : undefined,
    );
  }
  return ({ layer, entry }) => found.get(keyOf(layer, entry));
}

function keyOf(layer: number, { path }: Entry): string {
  return `${layer} ${path}`;
}

function gather({ path, size }: Entry, done: (digest: Digest) => void) {
  const bytes = new Uint8Array(size);
  let at = 0;
  return {
    data(chunk: Uint8Array) {
      bytes.set(chunk.subarray(0, size - at), at);
      at += chunk.length;
    },
    end() {
      const read = normaliserOf(path)?.read(bytes);
      if (read === undefined) return;
      const hasher = createHasher();
      hasher.update(typeof read === 'string' ? Buffer.from(read) : read);
      done(hasher.digest());
    },
  };
}
