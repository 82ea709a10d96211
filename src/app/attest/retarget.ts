// Attestations of an image that gets another digest, because its layers are compressed on their way to a registry: the same
// statements about the image as it is there. They were made here and nobody signed them; what is signed stays as it is.

import type { Digest } from '../../core/index.ts';
import { digestSet } from '../../insight/provenance/index.ts';
import {
  type Descriptor,
  parseManifest,
  type RawDocument,
  STATEMENT_TYPE,
  statementLayer,
} from '../../oci/image/index.ts';
import type { Store, StoredAttestation } from '../../oci/store/index.ts';
import { type AttestationDocuments, packageStatements } from './attested.ts';

/** What became of an image. */
export interface MovedImage {
  readonly from: Digest;
  readonly to: RawDocument;
  /** Layers, by the digests that they had. */
  readonly layers: ReadonlyMap<Digest, Descriptor>;
}

/** An inventory of a large image takes some megabytes. */
const LARGEST_STATEMENT = 256 * 1024 * 1024;

/** The attestation of an image as it is now; the very same where it is as it was. */
export function retarget(
  store: Store,
  { entry, manifest, blobs }: StoredAttestation,
  moved: MovedImage,
): AttestationDocuments {
  if (moved.from === moved.to.digest) return { entry, manifest, blobs };
  const document = parseManifest(new TextDecoder().decode(manifest.bytes));
  const layers = document.layers.map((layer) => retargetStatement(store, layer, moved));
  return packageStatements(store, { layers, image: moved.to, artifact: 'subject' in document });
}

function retargetStatement(store: Store, layer: Descriptor, moved: MovedImage): Descriptor {
  if (layer.mediaType !== STATEMENT_TYPE) return layer;
  const text = new TextDecoder().decode(store.readBlob(layer.digest, LARGEST_STATEMENT));
  const statement = JSON.parse(text) as Record<string, unknown>;
  const { subject, predicate, predicateType } = statement;
  const subjects = Array.isArray(subject) ? subject.map((one) => movedSubject(one, moved)) : subject;
  const told = { ...statement, subject: subjects, predicate: withLayers(predicate, moved.layers) };
  return statementLayer(store.putBlob(JSON.stringify(told)), String(predicateType));
}

function movedSubject(subject: unknown, { from, to }: MovedImage): unknown {
  const digest = (subject as { digest?: { sha256?: unknown } } | null)?.digest;
  if (`sha256:${String(digest?.sha256)}` !== from) return subject;
  return { ...(subject as object), digest: digestSet(to.digest) };
}

/** Descriptors of layers, wherever a predicate has them. */
function withLayers(value: unknown, layers: MovedImage['layers']): unknown {
  if (Array.isArray(value)) return value.map((one) => withLayers(one, layers));
  if (typeof value !== 'object' || value === null) return value;
  const { digest, mediaType } = value as { digest?: unknown; mediaType?: unknown };
  const layer =
    typeof mediaType === 'string' && typeof digest === 'string' ? layers.get(digest as Digest) : undefined;
  if (layer) return { ...value, mediaType: layer.mediaType, digest: layer.digest, size: layer.size };
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withLayers(one, layers)]));
}
