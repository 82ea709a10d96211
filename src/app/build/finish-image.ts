// The end of a build: the image's config, and its manifests. One build has one config for each platform, whatever it is
// written to; how layers are compressed and what is annotated is a matter of each manifest.

import { type BuiltStage, diffIds } from '../../build/execute/index.ts';
import { finishConfig } from '../../build/graph/index.ts';
import type { Digest } from '../../core/index.ts';
import {
  type Descriptor,
  type ImageConfig,
  type Manifest,
  MEDIA,
  type Platform,
} from '../../oci/image/index.ts';
import type { ImageDocuments, Store } from '../../oci/store/index.ts';
import { sha256 } from '../../sys/index.ts';
import type { Annotation, ImageDescriptor } from '../types.ts';
import { annotationsOn } from './annotations.ts';

/** How to finish. */
export interface FinishSettings {
  readonly labels: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What the image is said to be for, where that was asked for. */
  readonly platform?: Platform;
  /** Seconds since the epoch: the image's time, whatever the clock says. */
  readonly clampTime?: number;
  /** Further keys of the config. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** An image that no manifest has been made of. */
export interface UnpackagedImage {
  readonly config: ImageConfig;
  readonly configBytes: Uint8Array;
  /** The digest of the config. */
  readonly imageId: Digest;
}

/** The config of a built stage. */
export function finishImage(store: Store, built: BuiltStage, settings: FinishSettings): UnpackagedImage {
  const config = { ...datedConfig(store, built, settings), ...settings.extra };
  const configBytes = Buffer.from(JSON.stringify(config));
  return { config, configBytes, imageId: sha256(configBytes) };
}

/** The layers of a built stage as the store has them. */
export function layersOf(store: Store, built: BuiltStage): Descriptor[] {
  return diffIds(built.snapshot).map((id) => store.layer(id)!.descriptor);
}

/** Makes a manifest; the documents are in the store then, though not as an image. */
export function packageImage(
  store: Store,
  { config, configBytes, imageId }: UnpackagedImage,
  {
    layers,
    annotations,
  }: { readonly layers: readonly Descriptor[]; readonly annotations: readonly Annotation[] },
): ImageDocuments {
  const noted = annotationsOn(annotations, 'manifest', config);
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: MEDIA.manifest,
    config: { mediaType: MEDIA.config, ...store.putBlob(configBytes) },
    layers,
    ...annotated(noted),
  };
  const manifestBytes = Buffer.from(JSON.stringify(manifest));
  const manifestDigest = store.putBlob(manifestBytes).digest;
  return { manifestDigest, imageId, mediaType: MEDIA.manifest, manifest, config, manifestBytes, configBytes };
}

/** An image as an OCI descriptor. */
export function describeImage({
  mediaType,
  manifestDigest,
  manifestBytes,
  config,
}: ImageDocuments): ImageDescriptor {
  const { architecture, os, variant } = config;
  const platform = { architecture, os, ...(variant === undefined ? {} : { variant }) };
  return { mediaType, digest: manifestDigest, size: manifestBytes.length, platform };
}

/** The field of annotations, where there are any. */
export function annotated(annotations: Readonly<Record<string, string>>): Pick<Manifest, 'annotations'> {
  return Object.keys(annotations).length > 0 ? { annotations } : {};
}

/** When the last of its steps was executed: the same wherever the steps are found in a cache. */
function latest(results: BuiltStage['results']): string | undefined {
  return [...results.values()]
    .flatMap(({ created }) => created ?? [])
    .sort()
    .at(-1);
}

/**
 * The config with its time. The same content keeps the time at which it was first built, so that building again
 * with nothing changed gives the same image.
 */
function datedConfig(store: Store, built: BuiltStage, settings: FinishSettings): ImageConfig {
  const { state, baseLayers, results } = built;
  const { labels, platform } = settings;
  const withTime = (created: string) =>
    finishConfig({ state, baseLayers, results, labels, created, ...(platform ? { platform } : {}) });
  if (settings.clampTime !== undefined) return withTime(new Date(settings.clampTime * 1000).toISOString());
  const key = `created:${sha256(JSON.stringify(withTime('')))}`;
  const known = store.getValue(key);
  const created = known ?? latest(results) ?? new Date(settings.now).toISOString();
  if (known === undefined) store.setValue(key, created);
  return withTime(created);
}
