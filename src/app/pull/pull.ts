// `mille pull`, and what `mille run` does about an image that is not there.

import { displayPath, type EventSink, MilleError } from '../../core/index.ts';
import {
  canonicalName,
  familiarName,
  formatPlatform,
  formatReference,
  normalizePlatform,
  type Platform,
  parsePlatform,
  parseReference,
  platformDistance,
  type Reference,
} from '../../oci/image/index.ts';
import { listTags, type RegistryAccess } from '../../oci/registry/index.ts';
import { hostPlatform, type Store } from '../../oci/store/index.ts';
import { findImage, imageFor, lookUpImage } from '../find-image.ts';
import { inStore } from '../in-store.ts';
import type { ProvideOptions, PullAllResult, PullOptions, PullResult } from '../types.ts';
import { isOffline, isOfRegistry, neither, offline, registryAccess } from './access.ts';
import { bringLayersShown } from './bring-layers.ts';
import { findRemote, isWhole, type RemoteRequest } from './find-remote.ts';
import { readTrust } from './read-trust.ts';

/** Pulls an image. See `App.pull`. */
export function pull(options: PullOptions, events: EventSink, signal: AbortSignal): Promise<PullResult> {
  parseReference(options.image);
  return inStore(events, async (store) => {
    try {
      return await pullInto(store, options, { events, signal, unpackAll: options.unpack ?? false });
    } catch (error) {
      throw withOtherWays(error);
    }
  });
}

/** Pulls all tags of a repository. See `App.pullAll`. */
export function pullAll(
  options: PullOptions,
  events: EventSink,
  signal: AbortSignal,
): Promise<PullAllResult> {
  const whole = parseReference(options.image);
  if (whole.digest !== undefined || options.image.slice(options.image.lastIndexOf('/')).includes(':')) {
    throw new MilleError('usage', `'${displayPath(options.image)}' is one image, and --all-tags means all`, {
      hint: `write ${familiarName(whole)}, or leave --all-tags out`,
    });
  }
  return inStore(events, async (store) => {
    try {
      return await pullTags(store, { options, whole }, { events, signal });
    } catch (error) {
      throw withOtherWays(error);
    }
  });
}

/** What is no image, or none for the platform, keeps the others from nothing. */
const PASSED_OVER = ['platform-unsupported', 'image-invalid', 'image-missing'];

async function pullTags(
  store: Store,
  { options, whole }: { readonly options: PullOptions; readonly whole: Reference },
  { events, signal }: Watched,
): Promise<PullAllResult> {
  const name = familiarName(whole);
  const access = await accessFor(store, options, signal, name);
  const wanted = platformFor(options);
  const { names, more } = await listTags(whole, access);
  if (more) events({ type: 'warning', message: `${name} has more tags than are asked for: ${names.length}` });
  const pulled: PullResult[] = [];
  const left: MilleError[] = [];
  for (const [i, tag] of [...names].sort().entries()) {
    const reference = { registry: whole.registry, repository: whole.repository, tag };
    const place = `[${i + 1}/${names.length}]`;
    const watched = { events, signal, place, unpackAll: options.unpack ?? false };
    try {
      pulled.push(await pullReference(store, { reference, access, ...wanted }, watched));
    } catch (error) {
      if (!(error instanceof MilleError) || !PASSED_OVER.includes(error.code)) throw error;
      events({ type: 'warning', message: `${name}:${tag} is left out: ${error.message}` });
      left.push(error);
    }
  }
  if (pulled.length === 0) throw left[0] ?? new MilleError('image-missing', `${name} has no tags`);
  return { name, repository: `${whole.registry}/${whole.repository}`, pulled, left: left.length };
}

/** In a closed network the registry will never be reached. */
function withOtherWays(error: unknown): unknown {
  if (!(error instanceof MilleError) || error.code !== 'network' || error.cause === undefined) return error;
  return new MilleError('network', error.message, {
    hint: 'check the address and the proxy variables (HTTPS_PROXY, NO_PROXY); without a network `mille load -i ARCHIVE` brings an image, and `mille bootstrap` makes one from packages',
    cause: error,
  });
}

/** Makes sure that an image is there. See `App.provide`. */
export function provide(options: ProvideOptions, events: EventSink, signal: AbortSignal): Promise<void> {
  return inStore(events, async (store) => {
    await provideImage(store, options, { events, signal });
    await provideLayers(store, options, { events, signal });
  });
}

/** What runs on an image needs its layers. */
async function provideLayers(
  store: Store,
  options: ProvideOptions,
  { events, signal }: Watched,
): Promise<void> {
  const found = lookUpImage(store, options.image);
  const { wanted } = platformFor(options);
  const digest = found && wanted ? imageFor(store, found, wanted) : found?.manifestDigest;
  if (!digest) return;
  const isForbidden = options.pull === 'never';
  const access = async () => (isForbidden ? undefined : await anyAccess(store, options, signal));
  await bringLayersShown(store, store.image(digest), {
    ...{ access, events, signal, unpack: true },
    ...(isForbidden ? { forbidden: '--pull=never' } : {}),
  });
}

async function provideImage(
  store: Store,
  options: ProvideOptions,
  { events, signal }: Watched,
): Promise<void> {
  if (options.pull === 'never') return;
  const found = lookUpImage(store, options.image);
  if (found && (options.pull === 'missing' || found.name === undefined)) return;
  if (isOffline() && (options.pull === 'missing' || (found && options.pull === 'newer'))) return;
  try {
    await pullInto(store, options, { events, signal, unpack: true });
  } catch (error) {
    if (!isOfRegistry(error)) throw error;
    if (found && options.pull === 'newer') {
      events({
        type: 'warning',
        message: `${displayPath(options.image)} is used as the store has it: ${error.message}`,
      });
      return;
    }
    if (found) throw error;
    throw neither(missing(store, options.image), error);
  }
}

function missing(store: Store, image: string): MilleError {
  try {
    findImage(store, image);
  } catch (error) {
    if (error instanceof MilleError) return error;
    throw error;
  }
  throw new Error(`'${image}' was there after all`);
}

async function pullInto(store: Store, options: PullOptions, watched: Watched): Promise<PullResult> {
  const reference = parseReference(options.image);
  const access = await accessFor(store, options, watched.signal, formatReference(reference));
  return await pullReference(store, { reference, access, ...platformFor(options) }, watched);
}

interface Watched {
  readonly events: EventSink;
  readonly signal: AbortSignal;
  /** Whether something runs on the image next. */
  readonly unpack?: boolean;
  /** Whether its layers are to be unpacked when this is done. */
  readonly unpackAll?: boolean;
}

interface WantedPlatform {
  /** The platform that was asked for; where none was, this machine's is taken. */
  readonly wanted?: Platform;
}

function platformFor({ platform }: PullOptions): WantedPlatform {
  return platform === undefined ? {} : { wanted: parsePlatform(platform, hostPlatform()) };
}

async function accessFor(
  store: Store,
  options: PullOptions,
  signal: AbortSignal,
  shown: string,
): Promise<RegistryAccess> {
  const access = await anyAccess(store, options, signal);
  if (!access) throw offline(`cannot pull ${shown}`);
  return access;
}

async function anyAccess(
  store: Store,
  options: PullOptions,
  signal: AbortSignal,
): Promise<RegistryAccess | undefined> {
  const trust = options.ca === undefined ? undefined : readTrust(store, options.ca);
  return await registryAccess(store, {
    signal,
    mirrors: options.registryMirrors ?? [],
    ...(trust === undefined ? {} : { ca: trust }),
  });
}

/** One image, as a step of its own. */
async function pullReference(
  store: Store,
  { wanted, ...request }: Omit<RemoteRequest, 'keepOther' | 'platform'> & WantedPlatform,
  {
    events,
    signal,
    unpackAll = false,
    unpack = unpackAll,
    place = '[1/1]',
  }: Watched & { readonly place?: string },
): Promise<PullResult> {
  const { reference } = request;
  const shown = formatReference(reference);
  const step = `pull ${shown}`;
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  events({ type: 'step-started', step, title: `${place} pull ${shown}` });
  try {
    const platform = wanted ?? hostPlatform();
    const found = await findRemote(store, { ...request, platform, keepOther: false });
    const before = store.findById(found.manifestDigest) && isWhole(store, found.manifestDigest);
    let bytes = 0;
    const progress = (done: number, total: number) => {
      bytes = done;
      events({ type: 'step-progress', step, doing: 'pulling', done, total });
    };
    await found.keep(progress, { unpack });
    // Those that could not be as they came: that were here, or lean on others.
    if (unpackAll) await store.ensureUnpacked(found.config.rootfs.diff_ids);
    if (signal.aborted) throw new MilleError('interrupted', 'interrupted');
    events({
      type: 'step-finished',
      step,
      outcome: before ? 'cached' : 'ran',
      seconds: seconds(),
      ...(before ? {} : { bytes }),
    });
    // As docker pull does: an image of one platform is what there is, whatever was asked for.
    if (wanted && platformDistance(found.config, wanted) === undefined) {
      const is = formatPlatform(normalizePlatform(found.config));
      events({ type: 'warning', message: `${shown} is for ${is}, not for ${formatPlatform(wanted)}` });
    }
    const { registry, repository, digest } = reference;
    return {
      digest: found.root,
      imageId: found.imageId,
      name: shown,
      whole: digest ? `${registry}/${repository}@${digest}` : canonicalName(reference),
      fresh: !before,
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    events({ type: 'step-failed', step, message, seconds: seconds() });
    throw error;
  }
}
