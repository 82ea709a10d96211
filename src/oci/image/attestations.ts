// What BuildKit attaches to an image: statements (provenance, inventories) in manifests of their own, which stand beside
// the image in its index, for a platform that does not exist.

import type { Digest } from '../../core/index.ts';
import type { Descriptor, Index, Manifest } from './documents.ts';

/** A statement about an image, as a descriptor tells of it. */
export interface Statement {
  readonly blob: Descriptor;
  /** `https://slsa.dev/provenance/v0.2`; empty where it is not said. */
  readonly predicateType: string;
}

const TYPE = 'vnd.docker.reference.type';
const SUBJECT = 'vnd.docker.reference.digest';
const PREDICATE = 'in-toto.io/predicate-type';

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
