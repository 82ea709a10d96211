// Where an image is copied from: a registry, the store, a layout or an archive, each as documents and blobs by digest.

import { type Digest, displayPath, type EventSink, LIMITS, MilleError } from '../../core/index.ts';
import { type Descriptor, formatReference, MEDIA, type Reference } from '../../oci/image/index.ts';
import { openRepository, type RegistryAccess } from '../../oci/registry/index.ts';
import { openLayoutSource, type Store } from '../../oci/store/index.ts';
import { CWD, statAt, workingDirectory } from '../../sys/index.ts';
import { findImageFor } from '../find-image.ts';
import { placesOf } from '../known-places.ts';
import { type ImageFile, parsePlace } from '../open-image/place.ts';
import { makeScratch } from '../open-image/scratch.ts';
import { registryAccess } from '../pull/access.ts';
import { documentsToPush, imagesToPush, packImages } from '../push/documents.ts';
import { mountsFor, sendable } from '../push/sendable.ts';

/** An opened source. */
export interface CopySource {
  /** As messages call it. */
  readonly shown: string;
  /** What is meant, an index or a manifest; its media type is found in the bytes where it is not known. */
  root(): Promise<{ readonly bytes: Uint8Array; readonly digest: Digest; readonly mediaType?: string }>;
  /** A manifest or an index of it; undefined where it is listed and not there. */
  document(descriptor: Descriptor): Promise<Uint8Array | undefined>;
  /** A blob, to be checked by the reader. */
  stream(blob: Descriptor, signal?: AbortSignal): AsyncIterable<Uint8Array>;
  /** Repositories that blobs may be mounted from by who copies them into that registry. */
  places(to: Reference, blobs: readonly Digest[]): ReadonlyMap<Digest, string>;
  close(): void;
}

const NOWHERE: ReadonlyMap<Digest, string> = new Map();

/** Opens an image of a registry. */
export function registrySource(reference: Reference, access: RegistryAccess): CopySource {
  const repository = openRepository(reference, access);
  return {
    shown: formatReference(reference),
    root: () => repository.manifest(reference.digest ?? reference.tag!),
    document: async ({ digest }) => (await repository.manifest(digest)).bytes,
    stream: (blob, signal) => repository.stream(blob, signal),
    places: (to, blobs) =>
      to.registry === reference.registry && to.repository !== reference.repository
        ? new Map(blobs.map((digest) => [digest, reference.repository]))
        : NOWHERE,
    close: () => {},
  };
}

/** Opens an image of the store; its plain layers are compressed, as they are when it is pushed. */
export async function storeSource(
  around: { readonly store: Store; readonly events: EventSink; readonly signal: AbortSignal },
  name: string,
  platform: string | undefined,
): Promise<CopySource> {
  const { events, signal } = around;
  const found = findImageFor(around.store, name, platform);
  const images = imagesToPush(around.store, found, platform);
  const packing = { kind: 'gzip' } as const;
  const access = () => registryAccess(around.store, { signal });
  const store = await sendable(around.store, images, { access, packing, events, signal });
  const packed = await packImages({ ...around, store }, images, packing);
  const { root, manifests } = documentsToPush(store, found, { images, packed }, platform);
  const documents = new Map(manifests.map(({ digest, bytes }) => [digest, bytes]));
  return {
    shown: name,
    root: async () => root,
    document: async ({ digest }) => documents.get(digest),
    stream: ({ digest }) => store.streamBlob(digest),
    places: (to, blobs) => new Map([...placesOf(store, to, blobs), ...mountsFor(to, images)]),
    close: () => {},
  };
}

/**
 * Opens an image of a layout or an archive.
 * @param rest PATH, PATH:NAME or PATH@DIGEST
 * @throws MilleError `io` where nothing is there; as `openLayoutSource`
 */
export async function fileSource(store: Store, rest: string): Promise<CopySource> {
  const { path, name, digest } = fileOf(rest);
  const scratch = makeScratch(store);
  try {
    const layout = await openLayoutSource(absolutePath(path), scratch.path, {
      ...(name === undefined ? {} : { name }),
      ...(digest === undefined ? {} : { digest }),
    });
    return {
      shown: displayPath(path),
      root: async () => ({ ...layout.root, bytes: await layout.document(layout.root) }),
      document: async (descriptor) =>
        layout.has(descriptor) ? await layout.document(descriptor) : undefined,
      stream: (blob) => layout.stream(blob),
      places: () => NOWHERE,
      close: () => {
        layout.close();
        scratch.remove();
      },
    };
  } catch (error) {
    scratch.remove();
    if (!(error instanceof MilleError) || error.code === 'io' || error.code === 'disk-full') throw error;
    const { code, message, hint } = error;
    throw new MilleError(code, `${displayPath(path)}: ${message}`, {
      ...(hint === undefined ? {} : { hint }),
      cause: error,
    });
  }
}

function fileOf(rest: string): ImageFile {
  const place = parsePlace(`oci-layout:${rest}`, (path) => statAt(CWD, path) !== undefined);
  if (place.kind !== 'file') throw new Error(`'${rest}' is no file`);
  return place;
}

/** A path from the working directory. */
export function absolutePath(path: string): string {
  return path.startsWith('/') ? path : `${workingDirectory()}/${path}`;
}

/** The media type of a document: the one that it gives itself, else what it must be. */
export function mediaTypeOf(bytes: Uint8Array): string {
  if (bytes.length > LIMITS.manifest) throw new MilleError('image-invalid', 'a manifest is too large');
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return MEDIA.manifest;
  }
  const { mediaType, manifests } = (value ?? {}) as { mediaType?: unknown; manifests?: unknown };
  if (typeof mediaType === 'string') return mediaType;
  return Array.isArray(manifests) ? MEDIA.index : MEDIA.manifest;
}
