// `mille bootstrap`: a base image of one layer from a distribution's packages.

import type { Digest, EventSink } from '../../core/index.ts';
import { MilleError } from '../../core/index.ts';
import {
  type BootstrapOutcome,
  type BootstrapRequest,
  bootstrapBase,
  type Distribution,
  debianArchitecture,
  parseAccount,
} from '../../insight/base/index.ts';
import {
  canonicalName,
  type ImageConfig,
  type LayerInfo,
  type Manifest,
  MEDIA,
  type Platform,
  parsePlatform,
  parseReference,
  samePlatform,
} from '../../oci/image/index.ts';
import { copyAndScan } from '../../oci/layer/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { checkNetwork, machineArchitecture, readChunks } from '../../sys/index.ts';
import { withServices } from '../services.ts';
import type { BootstrapOptions, BootstrapResult } from './types.ts';

/** Makes a base image. See `App.bootstrap`. */
export function bootstrap(
  options: BootstrapOptions,
  events: EventSink,
  signal: AbortSignal,
): Promise<BootstrapResult> {
  const wanted = parseSuite(options.suite);
  const name = canonicalName(parseReference(options.tag));
  const asked = requestOf(options);
  const host: Platform = { os: 'linux', architecture: machineArchitecture() };
  const platform = options.platform === undefined ? host : parsePlatform(options.platform, host);
  checkNetwork(`the packages of ${options.suite}`);
  return withServices('container', async (services) => {
    const store = await services.store();
    const lock = store.lockShared();
    const temporary = store.makeTemporary('bootstrap');
    const started = performance.now();
    const buildId = `bootstrap-${crypto.randomUUID().slice(0, 8)}`;
    events({ type: 'build-started', buildId, dockerfile: options.suite, steps: 2 });
    try {
      const steps = createSteps(events);
      const base = await steps.run(`[1/2] packages of ${options.suite}`, (step) =>
        bootstrapBase({
          ...{ ...wanted, ...asked },
          ...(samePlatform(platform, host) ? {} : { architecture: debianArchitecture(platform) }),
          tmpDir: temporary.path,
          signal,
          onProgress: ({ phase, detail, done, total }) =>
            events({
              type: 'step-progress',
              step,
              doing: detail === undefined ? phase : `${phase} ${detail}`,
              ...(done === undefined ? {} : { done }),
              ...(total === undefined ? {} : { total }),
            }),
        }),
      );
      const layer = await steps.run(
        '[2/2] layer',
        () => keepLayer(store, base.tarPath),
        (info) => ({ bytes: info.size, files: info.files }),
      );
      if (signal.aborted) throw new MilleError('interrupted', 'interrupted');
      for (const message of base.notes) events({ type: 'warning', message });
      const image = keepImage(store, { base, layer, name, platform });
      const seconds = (performance.now() - started) / 1000;
      const result = { ...image, names: [name], bytes: layer.size, seconds };
      events({ type: 'build-finished', ...result });
      return { ...result, packages: base.packages.length };
    } finally {
      temporary.remove();
      lock.release();
    }
  });
}

function requestOf(options: BootstrapOptions): Omit<BootstrapRequest, 'distribution' | 'suite' | 'tmpDir'> {
  const { include, profile, variant, mirror, user, timezone } = options;
  return {
    include,
    ...(profile === undefined ? {} : { profile }),
    ...(variant === undefined ? {} : { variant }),
    ...(mirror === undefined ? {} : { mirror }),
    ...(user === undefined ? {} : { user: parseAccount(user) }),
    ...(timezone === undefined ? {} : { timezone }),
  };
}

const DISTRIBUTIONS: readonly string[] = ['debian', 'ubuntu'] satisfies readonly Distribution[];

function parseSuite(text: string): { readonly distribution: Distribution; readonly suite: string } {
  const [distribution = '', suite = '', ...more] = text.split(':');
  if (!DISTRIBUTIONS.includes(distribution) || suite === '' || more.length > 0) {
    throw new MilleError('usage', `not a suite that can be made here: '${text}'`, {
      hint: 'write distribution:suite, for example debian:bookworm or ubuntu:noble',
    });
  }
  return { distribution: distribution as Distribution, suite };
}

/** Steps in a build's events, for the displays that builds have. */
function createSteps(events: EventSink) {
  let count = 0;
  return {
    run: async <T>(
      title: string,
      work: (step: string) => Promise<T>,
      sizes: (result: T) => { readonly bytes?: number; readonly files?: number } = () => ({}),
    ): Promise<T> => {
      const step = String(++count);
      const started = performance.now();
      const seconds = () => (performance.now() - started) / 1000;
      events({ type: 'step-started', step, title });
      try {
        const result = await work(step);
        events({ type: 'step-finished', step, outcome: 'ran', seconds: seconds(), ...sizes(result) });
        return result;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        events({ type: 'step-failed', step, message, seconds: seconds() });
        throw error;
      }
    },
  };
}

/** Takes a plain tar into the store as a layer. */
async function keepLayer(store: Store, path: string): Promise<LayerInfo> {
  let diffId: Digest | undefined;
  const writer = store.createBlobWriter({ digest: () => diffId! });
  try {
    const { info, toc } = await copyAndScan(readChunks(path), (bytes) => writer.write(bytes));
    diffId = info.diffId;
    const blob = writer.commit();
    store.addLayer({ info, toc, descriptor: { mediaType: MEDIA.layerTar, ...blob } });
    return info;
  } finally {
    writer.abort();
  }
}

function keepImage(
  store: Store,
  made: {
    readonly base: BootstrapOutcome;
    readonly layer: LayerInfo;
    readonly name: string;
    readonly platform: Platform;
  },
): { readonly imageId: Digest; readonly manifest: Digest } {
  const { base, layer, name, platform } = made;
  const created = new Date(base.epoch * 1000).toISOString();
  const config: ImageConfig = {
    created,
    ...platform,
    config: base.config,
    rootfs: { type: 'layers', diff_ids: [layer.diffId] },
    history: [{ created, created_by: base.history, comment: 'millefeuille' }],
  };
  const configText = JSON.stringify(config);
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: MEDIA.manifest,
    config: { mediaType: MEDIA.config, ...store.putBlob(configText) },
    layers: [store.layer(layer.diffId)!.descriptor],
  };
  return store.changeNames(() => {
    const image = store.putImage({ manifest: JSON.stringify(manifest), config: configText });
    store.tag(name, image.manifestDigest);
    return { imageId: image.imageId, manifest: image.manifestDigest };
  });
}
