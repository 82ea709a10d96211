// `mille pull`, and what `mille run` does about an image that is not there.

import { displayPath, type EventSink, MilleError } from '../../core/index.ts';
import { canonicalName, formatReference, parsePlatform, parseReference } from '../../oci/image/index.ts';
import { hostPlatform, type Store } from '../../oci/store/index.ts';
import { findImage, lookUpImage } from '../find-image.ts';
import { withServices } from '../services.ts';
import type { ProvideOptions, PullOptions, PullResult } from '../types.ts';
import { isOffline, isOfRegistry, neither, offline, registryAccess } from './access.ts';
import { findRemote } from './find-remote.ts';
import { readTrust } from './read-trust.ts';

/** Pulls an image. See `App.pull`. */
export function pull(options: PullOptions, events: EventSink, signal: AbortSignal): Promise<PullResult> {
  parseReference(options.image);
  return inStore(events, async (store) => {
    try {
      return await pullInto(store, options, { events, signal });
    } catch (error) {
      throw withOtherWays(error);
    }
  });
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
    if (options.pull === 'never') return;
    const found = lookUpImage(store, options.image);
    if (found && (options.pull === 'missing' || found.name === undefined)) return;
    if (isOffline() && (options.pull === 'missing' || (found && options.pull === 'newer'))) return;
    try {
      await pullInto(store, options, { events, signal });
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
  });
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

function inStore<T>(events: EventSink, work: (store: Store) => Promise<T>): Promise<T> {
  return withServices('container', async (services) => {
    services.onNotice((message) => events({ type: 'note', message }));
    const store = await services.store();
    const lock = store.lockShared();
    try {
      return await work(store);
    } finally {
      lock.release();
    }
  });
}

async function pullInto(
  store: Store,
  options: PullOptions,
  { events, signal }: { readonly events: EventSink; readonly signal: AbortSignal },
): Promise<PullResult> {
  const reference = parseReference(options.image);
  const shown = formatReference(reference);
  const trust = options.ca === undefined ? undefined : readTrust(store, options.ca);
  const access = await registryAccess(store, {
    signal,
    mirrors: options.registryMirrors ?? [],
    ...(trust === undefined ? {} : { ca: trust }),
  });
  if (!access) throw offline(`cannot pull ${shown}`);
  const platform =
    options.platform === undefined ? hostPlatform() : parsePlatform(options.platform, hostPlatform());
  const step = 'pull';
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  events({ type: 'step-started', step, title: `[1/1] pull ${shown}` });
  try {
    const found = await findRemote(store, { reference, platform, access, keepOther: false });
    const before = store.findById(found.manifestDigest);
    let bytes = 0;
    await found.keep((done, total) => {
      bytes = done;
      events({ type: 'step-progress', step, doing: 'pulling', done, total });
    });
    if (signal.aborted) throw new MilleError('interrupted', 'interrupted');
    events({
      type: 'step-finished',
      step,
      outcome: before ? 'cached' : 'ran',
      seconds: seconds(),
      ...(before ? {} : { bytes }),
    });
    const { registry, repository, digest } = reference;
    return {
      digest: found.root,
      imageId: found.imageId,
      name: shown,
      whole: digest ? `${registry}/${repository}@${digest}` : canonicalName(reference),
      fresh: before === undefined,
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    events({ type: 'step-failed', step, message, seconds: seconds() });
    throw error;
  }
}
