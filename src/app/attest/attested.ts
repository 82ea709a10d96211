// Attestations of one image as documents: a statement for each predicate, and the manifest that stands beside the image in
// its index.

import { digestSet, imageUrl, type Subject, statementOf } from '../../insight/provenance/index.ts';
import {
  attestationEntry,
  type Descriptor,
  MEDIA,
  NO_PLATFORM,
  type Platform,
  type RawDocument,
  statementLayer,
} from '../../oci/image/index.ts';
import type { Store } from '../../oci/store/index.ts';

/** A predicate about one image. */
export interface Attested {
  readonly type: string;
  /** Its file, where it is written beside files. */
  readonly fileName: string;
  /** Only where it can stand beside an image. */
  readonly inlineOnly: boolean;
  /** Makes it. @param layers of the image, as they are written */
  content(layers: readonly Descriptor[]): object;
}

/** An image that something is attested of. */
export interface AttestedImage {
  /** Its manifest. */
  readonly image: Descriptor;
  readonly platform: Platform;
  /** Canonical. */
  readonly names: readonly string[];
  readonly layers: readonly Descriptor[];
}

/** The documents of an attestation, which are in the store. */
export interface AttestationDocuments {
  /** Of the index that has the image. */
  readonly entry: Descriptor;
  readonly manifest: RawDocument;
  /** Its config and its statements. */
  readonly blobs: readonly Descriptor[];
}

/** OCI's empty document, for a manifest that is an artifact and no image. */
const EMPTY = { mediaType: 'application/vnd.oci.empty.v1+json', content: '{}', data: 'e30=' } as const;
const ARTIFACT_TYPE = 'application/vnd.docker.attestation.manifest.v1+json';

/**
 * Makes the documents.
 * @param artifact an artifact that names its subject (OCI 1.1), in the place of a manifest that looks like an image's
 */
export function packageAttestation(
  store: Store,
  attested: readonly Attested[],
  about: AttestedImage,
  artifact: boolean,
): AttestationDocuments {
  const subjects = subjectsOf(about);
  const layers = attested.map(({ type, content }) => {
    const statement = statementOf({ type, content: content(about.layers) }, subjects);
    return statementLayer(store.putBlob(JSON.stringify(statement)), type);
  });
  return packageStatements(store, { layers, image: about.image, artifact });
}

/** The manifest of statements that are in the store. */
export function packageStatements(
  store: Store,
  {
    layers,
    image,
    artifact,
  }: { readonly layers: readonly Descriptor[]; readonly image: Descriptor; readonly artifact: boolean },
): AttestationDocuments {
  const config = artifact ? emptyConfig(store) : statementsConfig(store, layers);
  const { mediaType, digest, size } = image;
  const document = {
    ...{ schemaVersion: 2, mediaType: MEDIA.manifest },
    ...(artifact ? { artifactType: ARTIFACT_TYPE } : {}),
    ...{ config, layers },
    ...(artifact ? { subject: { mediaType, digest, size } } : {}),
  };
  const bytes = Buffer.from(JSON.stringify(document));
  const manifest = { mediaType: MEDIA.manifest, ...store.putBlob(bytes), bytes };
  return { entry: attestationEntry(manifest, digest), manifest, blobs: [config, ...layers] };
}

/** It looks like that of an image, for registries that ask for one. */
function statementsConfig(store: Store, layers: readonly Descriptor[]): Descriptor {
  const rootfs = { type: 'layers', diff_ids: layers.map(({ digest }) => digest) };
  return {
    mediaType: MEDIA.config,
    ...store.putBlob(JSON.stringify({ ...NO_PLATFORM, config: {}, rootfs })),
  };
}

function emptyConfig(store: Store): Descriptor {
  const { mediaType, content, data } = EMPTY;
  return { mediaType, ...store.putBlob(content), ...{ data } };
}

/** An image without a name is told by its digest alone. */
function subjectsOf({ image, platform, names }: AttestedImage): readonly Subject[] {
  const digest = digestSet(image.digest);
  if (names.length === 0) return [{ name: '_', digest }];
  return names.map((name) => ({ name: imageUrl(name, platform), digest }));
}
