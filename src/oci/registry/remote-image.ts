// An image in a registry: found by tag or digest, chosen by platform, its documents checked, its layers not yet read.

import { type Digest, isDigest, LIMITS, MilleError } from '../../core/index.ts';
import { sha256 } from '../../sys/index.ts';
import {
  type CacheLayer,
  cacheConfig,
  cacheLayers,
  cacheParts,
  chooseImage,
  type Descriptor,
  formatReference,
  type ImageConfig,
  type ImageSurroundings,
  type Index,
  isIndexText,
  type Manifest,
  MEDIA,
  type Platform,
  parseConfig,
  parseIndex,
  parseManifest,
  type Reference,
  surroundingsOf,
} from '../image/index.ts';
import type { RegistryAccess } from './access.ts';
import { streamBlob } from './blob.ts';
import { readConfig } from './checked-blob.ts';
import { openClient, type RepositoryClient } from './client.ts';
import { readBody } from './read-body.ts';

/** An image of a registry. */
export interface RemoteImage {
  /** What the reference means: the digest of an index, or of the manifest itself. */
  readonly root: Digest;
  /** The index that the reference means, where the manifest stands in it. */
  readonly index?: Uint8Array;
  readonly manifestDigest: Digest;
  readonly manifest: Manifest;
  readonly manifestBytes: Uint8Array;
  readonly config: ImageConfig;
  readonly configBytes: Uint8Array;
  /** What lies beside it. @throws MilleError as `image` does */
  surroundings(): Promise<ImageSurroundings>;
  /** A layer's blob, or the rest of it: of exactly its size, its digest to be checked by the reader. */
  open(layer: Descriptor, signal?: AbortSignal, from?: number): AsyncIterable<Uint8Array>;
}

/** A cache of builds in a registry. */
export interface RemoteCache {
  readonly config: ImageConfig;
  /** Of the document that says which layer belongs to which step. */
  readonly documentDigest: Digest;
  readonly layers: readonly CacheLayer[];
  open(layer: Descriptor, signal?: AbortSignal): AsyncIterable<Uint8Array>;
}

/** A reference to be looked up. */
export interface RemoteReference {
  /** The digest that it means now, asked for with as little as possible; undefined where the registry tells none. */
  digest(): Promise<Digest | undefined>;
  /**
   * Its image for a platform.
   * @throws MilleError `platform-unsupported`, `image-invalid`, `digest-mismatch`; `image-missing`, `registry-denied`,
   * `network`, `interrupted`
   */
  image(platform: Platform): Promise<RemoteImage>;
  /** The cache of builds that it is; undefined where it is none. @throws MilleError as `image` does */
  cache(): Promise<RemoteCache | undefined>;
}

const ACCEPT = [MEDIA.index, MEDIA.dockerManifestList, MEDIA.manifest, MEDIA.dockerManifest].join(', ');
const MAX_DEPTH = 4;
/** More than any tool makes and any kernel mounts. */
const MAX_LAYERS = 1000;

/** Makes ready to look a reference up in its registry. */
export function openRemote(reference: Reference, access: RegistryAccess): RemoteReference {
  const client = openClient(reference, access);
  const name = reference.digest ?? reference.tag!;
  const shown = formatReference(reference);
  const open: RemoteImage['open'] = (layer, signal, from) => {
    const signals = [signal, access.signal].filter((one) => one !== undefined);
    const blob = streamBlob(client, layer, { ...access, signal: AbortSignal.any(signals) }, from);
    return isForeign(layer) ? explained(blob, layer) : blob;
  };
  const stream = (blob: Descriptor) => streamBlob(client, blob, access);
  return {
    cache: async () => {
      const parts = cacheParts((await readDocument(client, name, reference.digest)).text);
      if (!parts) return undefined;
      const document = await readConfig({ stream }, parts.config);
      const layers = cacheLayers(parts, new TextDecoder().decode(document));
      return { config: cacheConfig(layers), documentDigest: parts.config.digest, layers, open };
    },
    digest: async () => {
      if (reference.digest) return reference.digest;
      const answer = await client.ask({
        kind: 'manifests',
        name,
        method: 'HEAD',
        headers: { accept: ACCEPT },
      });
      await answer.discard();
      const digest = answer.header('docker-content-digest') ?? '';
      return isDigest(digest) ? digest : undefined;
    },
    image: async (platform) => {
      const root = await readDocument(client, name, reference.digest);
      const found = await descend(client, root, { platform, shown });
      const { manifest } = found;
      if (manifest.layers.length > MAX_LAYERS)
        throw new MilleError(
          'image-invalid',
          `${shown} has ${manifest.layers.length} layers, and ${MAX_LAYERS} are the most`,
          { hint: 'no kernel mounts so many; whoever made it can squash them' },
        );
      const configBytes = await readConfig({ stream }, manifest.config);
      const config = parseConfig(new TextDecoder().decode(configBytes));
      if (config.rootfs.diff_ids.length !== manifest.layers.length) {
        throw new MilleError(
          'image-invalid',
          `the manifest of ${shown} has ${manifest.layers.length} layers, its config ${config.rootfs.diff_ids.length}`,
        );
      }
      return {
        root: root.digest,
        ...(found.indexes.length === 1 ? { index: root.bytes } : {}),
        manifestDigest: found.digest,
        ...{ manifest, manifestBytes: found.bytes, config, configBytes },
        surroundings: () =>
          surroundingsOf({
            ...{ manifestDigest: found.digest, manifest, indexes: found.indexes },
            readManifest: async ({ digest }) =>
              parseManifest((await readDocument(client, digest, digest)).text),
            openBlob: (blob) => () => open(blob),
          }),
        open,
      };
    },
  };
}

/** Whether a layer is said to lie elsewhere. Its addresses are the image's to choose, so nobody here asks them. */
function isForeign({ mediaType, urls }: Descriptor & { readonly urls?: unknown }): boolean {
  return /\.(?:foreign|nondistributable)\./.test(mediaType) || (Array.isArray(urls) && urls.length > 0);
}

async function* explained(
  blob: AsyncIterable<Uint8Array>,
  { digest }: Descriptor,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* blob;
  } catch (error) {
    if (!(error instanceof MilleError) || error.code !== 'image-missing') throw error;
    throw new MilleError(
      'image-missing',
      `the registry does not have the layer ${digest}, and the manifest says that it lies elsewhere`,
      {
        hint: 'an address that stands in an image is never asked; push the image with all its layers',
        cause: error,
      },
    );
  }
}

interface Document {
  readonly digest: Digest;
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** Reads a manifest or an index. Without `expected` what the server says of it is checked all the same. */
async function readDocument(
  client: RepositoryClient,
  name: string,
  expected: Digest | undefined,
): Promise<Document> {
  const answer = await client.ask({ kind: 'manifests', name, headers: { accept: ACCEPT } });
  const bytes = await readBody(answer, `the manifest ${name}`, LIMITS.manifest);
  const digest = sha256(bytes);
  const promised = expected ?? answer.header('docker-content-digest');
  if (promised !== undefined && isDigest(promised) && promised !== digest)
    throw mismatch('the manifest', promised, digest);
  return { digest, bytes, text: new TextDecoder().decode(bytes) };
}

/** From a manifest or an index to the manifest for a platform. */
async function descend(
  client: RepositoryClient,
  document: Document,
  options: { readonly platform: Platform; readonly shown: string; readonly indexes?: readonly Index[] },
): Promise<Document & { readonly manifest: Manifest; readonly indexes: readonly Index[] }> {
  const { platform, shown, indexes = [] } = options;
  if (!isIndexText(document.text)) return { ...document, manifest: parseManifest(document.text), indexes };
  if (indexes.length === MAX_DEPTH)
    throw new MilleError('image-invalid', `${shown}: indexes are nested too deeply`);
  const index = parseIndex(document.text);
  const { digest } = chooseImage(index, platform, { shown });
  return descend(client, await readDocument(client, digest, digest), {
    ...options,
    indexes: [...indexes, index],
  });
}

function mismatch(what: string, expected: Digest, actual: Digest): MilleError {
  return new MilleError('digest-mismatch', `${what} should be ${expected} but is ${actual}`, {
    hint: 'the registry or the image is damaged, or somebody on the way changed it',
  });
}
