// Documents from outside: checked once here, so that the rest of the program can rely on their shape.

import { type Digest, isDigest, MilleError } from '../../core/index.ts';
import { areAnnotations, checkedFields, isPlatformOrNone } from './check-config.ts';
import type { Descriptor, ImageConfig, Index, Manifest } from './documents.ts';
import { MEDIA } from './media-types.ts';

function invalid(what: string): never {
  throw new MilleError('image-invalid', what, {
    hint: 'the image or archive is damaged, or was not written by an OCI tool',
  });
}

type Json = Readonly<Record<string, unknown>>;

function parseObject(text: string, what: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    invalid(`${what} is not JSON`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    invalid(`${what} is not a JSON object`);
  return value as Json;
}

function checkDescriptor(value: unknown, what: string): Descriptor {
  const d = value as Json | null;
  if (typeof d !== 'object' || d === null) invalid(`${what} is not a descriptor`);
  if (typeof d.mediaType !== 'string') invalid(`${what} has no mediaType`);
  if (typeof d.digest !== 'string' || !isDigest(d.digest)) invalid(`${what} has no sha256 digest`);
  if (!Number.isSafeInteger(d.size) || (d.size as number) < 0) invalid(`${what} has no size`);
  if (!isPlatformOrNone(d.platform)) invalid(`${what} has a platform that is none`);
  if (!areAnnotations(d.annotations)) invalid(`${what} has annotations that are no texts`);
  return value as unknown as Descriptor;
}

/** Parses a manifest. @throws MilleError `image-invalid`, also for an index where a manifest is expected. */
export function parseManifest(text: string): Manifest {
  const value = parseObject(text, 'the manifest');
  if (value.schemaVersion !== 2) invalid('the manifest is not of schema version 2');
  if ('manifests' in value) invalid('an image index stands where a manifest is expected');
  checkDescriptor(value.config, "the manifest's config");
  if (!Array.isArray(value.layers)) invalid('the manifest lists no layers');
  if (!areAnnotations(value.annotations)) invalid('the manifest has annotations that are no texts');
  value.layers.forEach((layer, i) => {
    checkDescriptor(layer, `layer ${i + 1} of the manifest`);
  });
  return value as unknown as Manifest;
}

/** Parses an index. @throws MilleError `image-invalid`. */
export function parseIndex(text: string): Index {
  const value = parseObject(text, 'the image index');
  if ('layers' in value) invalid('a manifest stands where an image index is expected');
  if (!Array.isArray(value.manifests)) invalid('the image index lists no manifests');
  if (!areAnnotations(value.annotations)) invalid('the image index has annotations that are no texts');
  value.manifests.forEach((m, i) => {
    checkDescriptor(m, `entry ${i + 1} of the image index`);
  });
  return value as unknown as Index;
}

/** Parses a config. @throws MilleError `image-invalid`. */
export function parseConfig(text: string): ImageConfig {
  const value = checkedFields(parseObject(text, 'the image config'), invalid);
  const rootfs = value.rootfs as { diff_ids?: unknown } | undefined;
  const ids = rootfs?.diff_ids;
  if (typeof rootfs !== 'object' || !(ids === undefined || ids === null || Array.isArray(ids))) {
    invalid('the image config has no rootfs');
  }
  const diffIds = (ids ?? []) as unknown[];
  if (!diffIds.every((id): id is Digest => typeof id === 'string' && isDigest(id))) {
    invalid('the image config names a layer by something that is not a sha256 digest');
  }
  if (typeof value.architecture !== 'string' || typeof value.os !== 'string')
    invalid('the image config names no platform');
  return { ...value, rootfs: { type: 'layers', diff_ids: diffIds } } as unknown as ImageConfig;
}

/** Whether a media type is an index of several manifests. */
export function isIndexType(mediaType: string): boolean {
  return mediaType === MEDIA.index || mediaType === MEDIA.dockerManifestList;
}

/** Whether a document is an index, by what it is and not by what it is called: old registries mix up the media types. */
export function isIndexText(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'manifests' in value;
  } catch {
    return false;
  }
}

/** Whether an entry of an index is an image. BuildKit's attestations stand beside them, for a platform that doesn't exist. */
export function isImageEntry({ platform, annotations }: Descriptor): boolean {
  return platform?.os !== 'unknown' && annotations?.['vnd.docker.reference.type'] === undefined;
}
