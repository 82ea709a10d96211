// The end of a build: config and manifest written, names moved.

import { type BuiltStage, diffIds } from '../../build/execute/index.ts';
import { finishConfig } from '../../build/graph/index.ts';
import type { Digest } from '../../core/index.ts';
import { type ImageConfig, type Manifest, MEDIA, type Platform } from '../../oci/image/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { sha256 } from '../../sys/index.ts';
import type { Annotation, ImageDescriptor } from '../types.ts';
import { annotationsOn } from './annotations.ts';

/** How to finish. */
export interface FinishSettings {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: readonly Annotation[];
  /** Canonical names. */
  readonly names: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What the image is said to be for, where that was asked for. */
  readonly platform?: Platform;
  /** Seconds since the epoch: the image's time, whatever the clock says. */
  readonly clampTime?: number;
}

/** Writes the image of a built stage and points the names to it, all of them or none. */
export function finishImage(
  store: Store,
  built: BuiltStage,
  settings: FinishSettings,
): { readonly imageId: Digest; readonly manifestDigest: Digest } {
  const dated = datedConfig(store, built, settings);
  const config = JSON.stringify(dated);
  const configBlob = store.putBlob(config);
  const annotations = annotationsOn(settings.annotations, 'manifest', dated);
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: MEDIA.manifest,
    config: { mediaType: MEDIA.config, ...configBlob },
    layers: diffIds(built.snapshot).map((id) => store.layer(id)!.descriptor),
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
  };
  return store.changeNames(() => {
    const image = store.putImage({ manifest: JSON.stringify(manifest), config });
    for (const name of settings.names) store.tag(name, image.manifestDigest);
    return image;
  });
}

/** An image of the store as an OCI descriptor. */
export function describeImage(store: Store, manifestDigest: Digest): ImageDescriptor {
  const { mediaType, manifestBytes, config } = store.image(manifestDigest);
  const { architecture, os, variant } = config;
  const platform = { architecture, os, ...(variant === undefined ? {} : { variant }) };
  return { mediaType, digest: manifestDigest, size: manifestBytes.length, platform };
}

/** The id that the image of a built stage has, without writing it. */
export function imageIdOf(store: Store, built: BuiltStage, settings: FinishSettings): Digest {
  return sha256(JSON.stringify(datedConfig(store, built, settings)));
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
  const created = known ?? new Date(settings.now).toISOString();
  if (known === undefined) store.setValue(key, created);
  return withTime(created);
}
