// What is attested of the images of an index, as far as it is in the store: manifests that stand beside them, and the
// statements that these name. They live as long as the index does, and nothing else knows of them.

import { type Digest, LIMITS, MilleError } from '../../core/index.ts';
import {
  attestedImage,
  type Descriptor,
  parseIndex,
  parseManifest,
  type RawDocument,
} from '../image/index.ts';

/** What stands beside an image in its index. */
export interface StoredAttestation {
  /** Of the index. */
  readonly entry: Descriptor;
  /** The manifest of the image. */
  readonly image: string;
  readonly manifest: RawDocument;
  /** Its config and its statements. */
  readonly blobs: readonly Descriptor[];
}

/** Reads a small blob. @throws MilleError where it is not there, or damaged */
export type ReadBlob = (digest: Digest, limit: number) => Uint8Array;

/** Finds those of an index. What is not here, or no manifest, is passed over. */
export function attestationsIn(index: Uint8Array, read: ReadBlob): readonly StoredAttestation[] {
  return parseIndex(textOf(index)).manifests.flatMap((entry) => {
    const image = attestedImage(entry);
    const found = image === undefined ? undefined : unlessMissing(() => readAttestation(entry, read));
    return image === undefined || !found ? [] : [{ entry, image, ...found }];
  });
}

/** All blobs of an attestation. */
export function blobsOfAttestation({ manifest, blobs }: StoredAttestation): Digest[] {
  return [manifest.digest, ...blobs.map(({ digest }) => digest)];
}

function readAttestation({ digest, mediaType }: Descriptor, read: ReadBlob) {
  const bytes = read(digest, LIMITS.manifest);
  const { config, layers } = parseManifest(textOf(bytes));
  return { manifest: { digest, mediaType, size: bytes.length, bytes }, blobs: [config, ...layers] };
}

function unlessMissing<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof MilleError) return undefined;
    throw error;
  }
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
