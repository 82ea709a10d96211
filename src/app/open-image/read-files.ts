// Contents of some files of an opened image, as containers see them.

import type { SeenTree } from '../../insight/programs/index.ts';
import type { OpenedImage } from '../../oci/image/index.ts';
import { gather } from './gather.ts';

/** Larger files are not read. */
const LARGEST = 64 * 1024 * 1024;

/** Reads files by their clean paths. What is too large, or no file, is left out. */
export async function readFiles(
  image: OpenedImage,
  tree: SeenTree,
  paths: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  const byLayer = new Map<number, Map<string, string[]>>();
  for (const path of paths) {
    const entry = tree.entries.get(path);
    const layer = tree.layers.get(path);
    if (!entry || layer === undefined) continue;
    const source = entry.type === 'hardlink' ? (entry.link ?? '') : path;
    const wanted = byLayer.get(layer) ?? new Map<string, string[]>();
    byLayer.set(layer, wanted.set(source, [...(wanted.get(source) ?? []), path]));
  }
  for (const [layer, wanted] of byLayer)
    await image.layers[layer]!.read((entry) => {
      const names = wanted.get(entry.path);
      if (!names || entry.type !== 'file' || entry.size > LARGEST) return undefined;
      return gather(entry, (bytes) => {
        for (const name of names) found.set(name, bytes);
      });
    });
  return found;
}
