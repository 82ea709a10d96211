// Small images for tests, put into a store the way a build does: each layer written as a tar, known by its table of
// contents, carried by a plain blob.

import type { Digest } from '../core/index.ts';
import { type Descriptor, type Entry, MEDIA } from '../oci/image/index.ts';
import { type LayerSourceEntry, writeLayer } from '../oci/layer/index.ts';
import type { Store } from '../oci/store/index.ts';

/** Files of a layer by path; parents are added. A value of undefined is a whiteout. */
export type SampleFiles = Readonly<Record<string, string | Uint8Array | undefined>>;

/** A layer that was put into a store. */
export interface SampleLayer {
  readonly diffId: Digest;
  readonly descriptor: Descriptor;
}

/** Entries of a layer for `writeLayer`. */
export function sampleEntries(files: SampleFiles): LayerSourceEntry[] {
  const entries: LayerSourceEntry[] = [];
  const seen = new Set<string>();
  const plain = { mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 1_700_000_000 };
  const addParents = (path: string) => {
    const parts = path.split('/');
    for (let i = 1; i < parts.length; i++) {
      const parent = parts.slice(0, i).join('/');
      if (!seen.has(parent))
        entries.push({ entry: { ...plain, path: parent, type: 'dir', mode: 0o755 } satisfies Entry });
      seen.add(parent);
    }
  };
  for (const [path, content] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) {
    addParents(path);
    if (content === undefined) {
      entries.push({ entry: { ...plain, path, type: 'whiteout' } });
      continue;
    }
    const bytes = Buffer.from(content);
    entries.push({ entry: { ...plain, path, type: 'file', size: bytes.length }, open: () => reader(bytes) });
  }
  return entries;
}

function reader(bytes: Uint8Array) {
  let at = 0;
  return {
    read: (buffer: Uint8Array) => {
      const part = bytes.subarray(at, at + buffer.length);
      buffer.set(part);
      at += part.length;
      return part.length;
    },
    close: () => {},
  };
}

/** Writes a layer into a store. */
export async function addSampleLayer(store: Store, files: SampleFiles): Promise<SampleLayer> {
  const writer = store.createBlobWriter();
  try {
    const { info, toc } = await writeLayer(sampleEntries(files), (bytes) => writer.write(bytes));
    const { digest, size } = writer.commit(info.diffId);
    const descriptor = { mediaType: MEDIA.layerTar, digest, size };
    store.addLayer({ info, toc, descriptor });
    return { diffId: info.diffId, descriptor };
  } finally {
    writer.abort();
  }
}

const OWN = process.arch === 'arm64' ? 'arm64' : 'amd64';

/** Puts an image of some layers into a store, under canonical names. */
export function addSampleImage(
  store: Store,
  layers: readonly SampleLayer[],
  options: {
    readonly names?: readonly string[];
    readonly cmd?: readonly string[];
    readonly author?: string;
    /** `NAME=value`, instead of a PATH. */
    readonly env?: readonly string[];
    /** `amd64`; that of this machine by default. */
    readonly architecture?: string;
  } = {},
): { readonly manifestDigest: Digest; readonly imageId: Digest } {
  const { names = [], cmd = ['/bin/sh'], author, architecture = OWN, env = ['PATH=/usr/bin:/bin'] } = options;
  const config = JSON.stringify({
    created: '2023-11-14T22:13:20Z',
    ...(author === undefined ? {} : { author }),
    architecture,
    os: 'linux',
    config: { Env: env, Cmd: cmd },
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
    history: layers.map((_, i) => ({ created: '2023-11-14T22:13:20Z', created_by: `sample ${i + 1}` })),
  });
  const blob = store.putBlob(config);
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: MEDIA.manifest,
    config: { mediaType: MEDIA.config, digest: blob.digest, size: blob.size },
    layers: layers.map((layer) => layer.descriptor),
  });
  return store.changeNames(() => {
    const put = store.putImage({ manifest, config });
    for (const name of names) store.tag(name, put.manifestDigest);
    return put;
  });
}

/** An index of images of a store, as a document; each with its platform. */
export function sampleIndex(
  store: Store,
  manifests: readonly Digest[],
  more: readonly Descriptor[] = [],
): string {
  const entries = manifests.map((digest): Descriptor => {
    const { mediaType, manifestBytes, config } = store.image(digest);
    const platform = { os: config.os, architecture: config.architecture };
    return { mediaType, digest, size: manifestBytes.length, platform };
  });
  return JSON.stringify({ schemaVersion: 2, mediaType: MEDIA.index, manifests: [...entries, ...more] });
}
