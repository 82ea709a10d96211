// What BuildKit attaches to an image: statements (provenance, inventories) in manifests of their own, which stand beside
// the image in its index, for a platform that does not exist.

import type { Digest } from '../../core/index.ts';
import type { Descriptor, Index, Manifest, Platform } from './documents.ts';

/** A statement about an image, as a descriptor tells of it. */
export interface Statement {
  readonly blob: Descriptor;
  /** `https://slsa.dev/provenance/v0.2`; empty where it is not said. */
  readonly predicateType: string;
}

const TYPE = 'vnd.docker.reference.type';
const SUBJECT = 'vnd.docker.reference.digest';
const PREDICATE = 'in-toto.io/predicate-type';

/** What an attestation's manifest says it is for, so that nothing runs it. */
export const NO_PLATFORM: Platform = { architecture: 'unknown', os: 'unknown' };

/** The media type of a statement. */
export const STATEMENT_TYPE = 'application/vnd.in-toto+json';

/** The entry of an index for a manifest that holds statements about one of its images. */
export function attestationEntry(manifest: Descriptor, image: Digest): Descriptor {
  const { mediaType, digest, size } = manifest;
  const annotations = { [SUBJECT]: image, [TYPE]: 'attestation-manifest' };
  return { mediaType, digest, size, annotations, platform: NO_PLATFORM };
}

/** The layer of such a manifest. */
export function statementLayer(
  { digest, size }: Pick<Descriptor, 'digest' | 'size'>,
  predicateType: string,
): Descriptor {
  return { mediaType: STATEMENT_TYPE, digest, size, annotations: { [PREDICATE]: predicateType } };
}

/** The image that an entry of an index is about; undefined where the entry is something else. */
export function attestedImage({ annotations = {} }: Descriptor): string | undefined {
  return annotations[TYPE] === 'attestation-manifest' ? annotations[SUBJECT] : undefined;
}

/** The entries of an index that hold statements about one of its images. */
export function attestationsOf({ manifests }: Index, image: Digest): readonly Descriptor[] {
  return manifests.filter(
    ({ annotations = {} }) =>
      annotations[TYPE] === 'attestation-manifest' && (annotations[SUBJECT] ?? image) === image,
  );
}

/** The statements of such an entry. */
export function statementsIn({ layers }: Manifest): readonly Statement[] {
  return layers
    .filter(({ mediaType }) => /^application\/vnd\.in-toto[.+]/.test(mediaType))
    .map((blob) => ({ blob, predicateType: blob.annotations?.[PREDICATE] ?? '' }));
}
