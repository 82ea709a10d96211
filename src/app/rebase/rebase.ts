// `mille rebase`: an image's own layers on another base, without building.

import { type Digest, type EventSink, MilleError } from '../../core/index.ts';
import { mergeConfigs, ownHistory } from '../../insight/rebase/index.ts';
import {
  canonicalName,
  type Descriptor,
  formatPlatform,
  formatReference,
  type ImageConfig,
  type Manifest,
  MEDIA,
  type OpenedImage,
  ociLayerType,
  parseReference,
} from '../../oci/image/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { findImageFor, lookUpImage } from '../find-image.ts';
import { nameToGive } from '../name-to-give.ts';
import { openStoredImage } from '../open-image/stored.ts';
import { removeImages, storedImages } from '../optimize/built-image.ts';
import { provide, pull } from '../pull/pull.ts';
import { readTrust } from '../pull/read-trust.ts';
import { withServices } from '../services.ts';
import { askBoth } from './ask-both.ts';
import { concernsOf, instructionsOf, type RebaseImages } from './look.ts';
import { BASE_DIGEST, BASE_NAME, findOldBase } from './old-base.ts';
import type { RebaseImage, RebaseOptions, RebaseResult } from './types.ts';

/** Rebases. See `RebaseVerbs.rebase`. */
export async function rebase(
  options: RebaseOptions,
  events: EventSink,
  signal: AbortSignal,
): Promise<RebaseResult> {
  if (options.checks.length === 0) return await rebaseOnce(options, { events, signal }, new Set());
  const before = await storedImages();
  const refused = new Set<string>();
  try {
    return await rebaseOnce(options, { events, signal }, refused);
  } finally {
    await removeImages(refused, before);
  }
}

/** @param refused gets what was made and is not to stay */
async function rebaseOnce(
  options: RebaseOptions,
  { events, signal }: { readonly events: EventSink; readonly signal: AbortSignal },
  refused: Set<string>,
): Promise<RebaseResult> {
  const names = options.tags.map(nameToGive);
  for (const name of [options.image, options.onto]) await bring(name, options, { events, signal });
  return await withServices(options.checks.length > 0 ? 'container' : 'write', async (services) => {
    const store = await services.store();
    const work = store.lockShared();
    const open = (name: string) => openStoredImage(store, findImageFor(store, name, options.platform));
    const image = open(options.image);
    const onto = open(options.onto);
    try {
      const trust = options.ca === undefined ? undefined : readTrust(store, options.ca);
      const from = await findOldBase(services, image, {
        ...(options.from === undefined ? {} : { from: options.from }),
        options: { signal, ...(trust === undefined ? {} : { ca: trust }) },
      });
      checkPlatforms(image, onto);
      const images: RebaseImages = { image, from, onto };
      const { config, ...merge } = mergeConfigs({
        from: from.config,
        image: image.config,
        onto: onto.config,
      });
      const concerns = await concernsOf(images, config, signal);
      const safe = concerns.every(({ level }) => level !== 'breaks');
      const instructions = instructionsOf(images);
      const sizes = await Promise.all(image.layers.map((layer) => layer.size()));
      const below = sizes.slice(0, from.layers);
      if (signal.aborted) throw new MilleError('interrupted', 'interrupted');
      const isMade = !options.dryRun && (safe || options.force);
      const { checks: commands } = options;
      const kept = isMade
        ? keep(store, images, { ...options, config, names: commands.length > 0 ? [] : names })
        : undefined;
      const asked =
        kept && commands.length > 0
          ? await askBoth(
              image,
              { imageId: kept.imageId, config: store.image(kept.manifest).config },
              {
                ...{ commands, network: options.checkNetwork, events, signal },
              },
            )
          : undefined;
      if (kept && asked && !asked.alike && !options.force) refused.add(kept.imageId);
      const made = kept && !refused.has(kept.imageId) ? named(store, kept, names) : undefined;
      return {
        image: described(image, sizes),
        from: { title: from.title, imageId: from.imageId, layers: from.layers, bytes: sum(below) },
        onto: described(onto, await Promise.all(onto.layers.map((layer) => layer.size()))),
        own: sizes.slice(from.layers).map((bytes, i) => ({ instruction: instructions[i] ?? '', bytes })),
        config: merge,
        ...{ concerns, safe, ...asked },
        ...(made ? { made } : {}),
      };
    } finally {
      await image.close();
      await onto.close();
      work.release();
    }
  });
}

/** What the store does not have is pulled, the image or layers of it. */
async function bring(
  name: string,
  { platform, ca }: RebaseOptions,
  { events, signal }: { readonly events: EventSink; readonly signal: AbortSignal },
): Promise<void> {
  const here = await withServices('read', async (services) => {
    const store = await services.store();
    return lookUpImage(store, name) && store.image(findImageFor(store, name, platform).manifestDigest);
  });
  const how = { ...(platform === undefined ? {} : { platform }), ...(ca === undefined ? {} : { ca }) };
  if (!here) await pull({ image: name, ...how }, events, signal);
  else if (here.distant.length > 0) await provide({ image: name, ...how, pull: 'missing' }, events, signal);
}

function checkPlatforms(image: OpenedImage, onto: OpenedImage): void {
  const [own, other] = [image, onto].map(({ config }) => formatPlatform(config));
  if (own === other) return;
  throw new MilleError(
    'platform-unsupported',
    `${image.title} is for ${own}, and ${onto.title} for ${other}`,
    { hint: 'choose images of one platform with --platform' },
  );
}

function described({ title, imageId }: OpenedImage, sizes: readonly number[]): RebaseImage {
  return { title, imageId, layers: sizes.length, bytes: sum(sizes) };
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all + size, 0);
}

function keep(
  store: Store,
  { image, from, onto }: RebaseImages,
  request: {
    readonly config: ImageConfig['config'];
    readonly names: readonly string[];
    readonly onto: string;
  },
): NonNullable<RebaseResult['made']> {
  const own = store.image(image.manifestDigest!);
  const layers = [...onto.layers, ...image.layers.slice(from.layers)];
  const made = [image.config.created, onto.config.created].filter((one) => one !== undefined).sort();
  const config: ImageConfig = {
    ...image.config,
    ...(made.length > 0 ? { created: made.at(-1)! } : {}),
    ...(request.config ? { config: request.config } : {}),
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: [...(onto.config.history ?? []), ...ownHistory(image.config, from.config)],
  };
  const text = JSON.stringify(config);
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: MEDIA.manifest,
    config: { mediaType: MEDIA.config, ...store.putBlob(text) },
    layers: layers.map(({ blob }): Descriptor => ({ ...blob, mediaType: ociLayerType(blob.mediaType) })),
    annotations: {
      ...own.manifest.annotations,
      ...(isNamed(request.onto) ? { [BASE_NAME]: canonicalName(parseReference(request.onto)) } : {}),
      [BASE_DIGEST]: onto.manifestDigest! satisfies Digest,
    },
  };
  return store.changeNames(() => {
    const put = store.putImage({ manifest: JSON.stringify(manifest), config: text });
    for (const name of request.names) store.tag(name, put.manifestDigest);
    return {
      imageId: put.imageId,
      manifest: put.manifestDigest,
      names: request.names.map((name) => formatReference(parseReference(name))),
    };
  });
}

/** Gives it its names, where it has none yet. */
function named(
  store: Store,
  made: NonNullable<RebaseResult['made']>,
  names: readonly string[],
): NonNullable<RebaseResult['made']> {
  if (made.names.length === names.length) return made;
  store.changeNames(() => {
    for (const name of names) store.tag(name, made.manifest);
  });
  return { ...made, names: names.map((name) => formatReference(parseReference(name))) };
}

/** Ids are no names that anybody else could look up. */
function isNamed(text: string): boolean {
  return !/^(sha256:)?[0-9a-f]{4,64}$/.test(text);
}
