// Files of two images that differ and mean the same: their contents are read for it.

import type { Digest } from '../../core/index.ts';
import type { Content } from '../../insight/differences/index.ts';
import type { ObservedImage } from '../../insight/optimize/index.ts';
import { type FilePlace, filesToRead, normaliserOf } from '../../insight/verify/index.ts';
import type { OpenedImage } from '../../oci/image/index.ts';
import { mergeTables } from '../../oci/layer/index.ts';
import { createHasher } from '../../sys/index.ts';
import { gather } from '../open-image/gather.ts';
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
    const read = (image: ObservedImage, side: 'beforeContent' | 'afterContent') => {
      const tree = mergeTables(image.tables);
      const mtime = (path: string) => tree.get(path)?.entry.mtime;
      const wanted = files.map((file) => ({ path: file.path, content: file[side] }));
      return withImage(services, image.imageId, {}, (opened) => digestsOf(opened, wanted, mtime));
    };
    const old = await read(before, 'beforeContent');
    const now = await read(after, 'afterContent');
    const same = files.filter(({ path }) => old.has(path) && old.get(path) === now.get(path));
    return new Map(same.map(({ path }) => [path, normaliserOf(path)!.leftOut]));
  });
}

/** A file as containers see it, and where its bytes are. */
interface Wanted {
  readonly path: string;
  readonly content: Content | undefined;
}

/** Digests of what counts in files, by their paths; none for what is of another kind than its name says. */
async function digestsOf(
  image: OpenedImage,
  wanted: readonly Wanted[],
  mtime: FilePlace['mtime'],
): Promise<ReadonlyMap<string, Digest>> {
  const found = new Map<string, Digest>();
  for (const [i, layer] of image.layers.entries()) {
    const paths = new Map<string, string[]>();
    for (const { path, content } of wanted)
      if (content?.layer === i)
        paths.set(content.entry.path, [...(paths.get(content.entry.path) ?? []), path]);
    if (paths.size === 0) continue;
    await layer.read((entry) => {
      const names = entry.type === 'file' ? paths.get(entry.path) : undefined;
      if (!names) return undefined;
      return gather(entry, (bytes) => {
        for (const path of names) note(found, bytes, { path, mtime });
      });
    });
  }
  return found;
}

function note(found: Map<string, Digest>, bytes: Uint8Array, place: FilePlace): void {
  const read = normaliserOf(place.path)?.read(bytes, place);
  if (read === undefined) return;
  const hasher = createHasher();
  hasher.update(typeof read === 'string' ? Buffer.from(read) : read);
  found.set(place.path, hasher.digest());
}
