// One image of an OCI layout that is a directory somewhere else, to build on: its config is read at once, its layers
// come into the store when somebody needs them. Every document and blob is checked against its digest and size.

import { type Digest, digestHex, displayPath, LIMITS, MilleError, suggest } from '../../../core/index.ts';
import {
  type Descriptor,
  type ImageConfig,
  type Index,
  isImageEntry,
  type Manifest,
  MEDIA,
  type Platform,
  parseConfig,
  parseIndex,
} from '../../image/index.ts';
import { mismatch } from '../blobs.ts';
import type { Store } from '../store.ts';
import { createIncoming } from './incoming.ts';
import { choosePlatformIn, readManifestBlob, takeLayers } from './load-oci.ts';
import { type ArchiveSource, openSource, readDocument } from './source.ts';

/** Which image of a layout. */
export interface LayoutChoice {
  /** A tag, or a whole name, as the annotations of `index.json` have it. */
  readonly tag?: string;
  /** Of a manifest or an index; wins over the tag. */
  readonly digest?: Digest;
  /** Of an index the image for this platform is taken. */
  readonly platform: Platform;
}

/** An image that was found. */
export interface LayoutImageFound {
  readonly config: ImageConfig;
  /** The digest of the config. */
  readonly imageId: Digest;
  readonly manifestDigest: Digest;
  /** The only image of the layout was taken, though its tag is another. */
  readonly otherTag?: true;
  /**
   * Brings its layers into the store.
   * @param progress told the bytes read so far; may throw, to end it
   * @returns whether any had to be read
   */
  load(progress: (bytes: number) => void): Promise<boolean>;
}

/**
 * Finds an image of a layout.
 * @param directory absolute
 * @throws MilleError `image-missing` where the layout has no such image, `image-invalid` for what is no layout,
 *   `digest-mismatch`, `platform-unsupported`
 */
export async function openLayoutImage(
  store: Store,
  directory: string,
  choice: LayoutChoice,
): Promise<LayoutImageFound> {
  const source = await openSource(directory, directory);
  try {
    const { descriptor, otherTag } = await findEntry(source, directory, choice);
    const chosen = await choosePlatformIn(source, descriptor, { platform: choice.platform, strict: true });
    const { manifest } = await readManifestBlob(source, chosen);
    const config = await readConfig(source, manifest);
    return {
      config,
      imageId: manifest.config.digest,
      manifestDigest: chosen.digest,
      ...(otherTag ? { otherTag } : {}),
      load: (progress) => loadLayers(store, directory, { manifest, config, progress }),
    };
  } finally {
    source.close();
  }
}

async function readConfig(source: ArchiveSource, { config, layers }: Manifest): Promise<ImageConfig> {
  const path = `blobs/sha256/${digestHex(config.digest)}`;
  const { bytes, digest } = await readDocument(source, path, LIMITS.manifest);
  if (digest !== config.digest) throw mismatch(`'${path}'`, config.digest, digest);
  const parsed = parseConfig(new TextDecoder().decode(bytes));
  if (parsed.rootfs.diff_ids.length === layers.length) return parsed;
  throw new MilleError(
    'image-invalid',
    `a manifest has ${layers.length} layers, its config ${parsed.rootfs.diff_ids.length}`,
  );
}

async function loadLayers(
  store: Store,
  directory: string,
  image: { manifest: Manifest; config: ImageConfig; progress: (bytes: number) => void },
): Promise<boolean> {
  const source = await openSource(directory, directory);
  let read = 0;
  const counted: ArchiveSource = {
    ...source,
    async *stream(path) {
      for await (const chunk of source.stream(path)) {
        read += chunk.length;
        image.progress(read);
        yield chunk;
      }
    },
  };
  const incoming = createIncoming(store, counted);
  try {
    await takeLayers(incoming, image.manifest, image.config.rootfs.diff_ids);
    incoming.commit([]);
    return read > 0;
  } finally {
    incoming.abort();
    source.close();
  }
}

async function findEntry(
  source: ArchiveSource,
  directory: string,
  { tag, digest }: LayoutChoice,
): Promise<{ readonly descriptor: Descriptor; readonly otherTag?: true }> {
  if (source.size('index.json') === undefined) throw notLayout(directory);
  if (digest !== undefined) return { descriptor: await describeBlob(source, directory, digest) };
  const { bytes } = await readDocument(source, 'index.json', LIMITS.manifest);
  const { manifests } = parseIndex(new TextDecoder().decode(bytes));
  const entries = manifests.filter(isImageEntry);
  const named = entries.find((entry) => namesOf(entry).includes(tag ?? 'latest'));
  if (named) return { descriptor: named };
  const [only, ...more] = entries;
  // As in BuildKit, a layout with one image needs no tag.
  if (only && more.length === 0)
    return { descriptor: only, ...(tag === undefined ? {} : { otherTag: true }) };
  throw missing(directory, tag ?? 'latest', entries);
}

/** A manifest or an index that need not stand in `index.json`. */
async function describeBlob(source: ArchiveSource, directory: string, digest: Digest): Promise<Descriptor> {
  const path = `blobs/sha256/${digestHex(digest)}`;
  const size = source.size(path);
  if (size === undefined) {
    throw new MilleError('image-missing', `the layout '${displayPath(directory)}' has no ${digest}`, {
      hint: 'look for the digest of a manifest or an index in its index.json',
    });
  }
  const document = await readDocument(source, path, LIMITS.manifest);
  if (document.digest !== digest) throw mismatch(`'${path}'`, digest, document.digest);
  const isIndex = /"manifests"\s*:/.test(new TextDecoder().decode(document.bytes));
  return { mediaType: isIndex ? MEDIA.index : MEDIA.manifest, digest, size };
}

/** The whole name first. */
function namesOf({ annotations = {} }: Index['manifests'][number]): string[] {
  const names = [annotations['io.containerd.image.name'], annotations['org.opencontainers.image.ref.name']];
  return names.filter((name) => name !== undefined);
}

function notLayout(directory: string): MilleError {
  return new MilleError(
    'image-invalid',
    `'${displayPath(directory)}' is no OCI layout: it has no index.json`,
    {
      hint: 'name the directory that holds index.json and blobs/',
    },
  );
}

function missing(directory: string, tag: string, entries: readonly Descriptor[]): MilleError {
  const there = [...new Set(entries.flatMap((entry) => namesOf(entry).slice(-1)))];
  const near = suggest(tag, there);
  const hint = near
    ? `did you mean ${near}?`
    : there.length > 0
      ? `there is ${there.slice(0, 5).join(', ')}`
      : `its ${entries.length} images have no names: choose one by its digest, oci-layout://PATH@sha256:…`;
  return new MilleError('image-missing', `the layout '${displayPath(directory)}' has no image '${tag}'`, {
    hint,
  });
}
