// Any image, opened for looking into: what `layers`, `diff`, `packages`, `secrets` and the others begin with.

import { inParallel, MilleError } from '../../core/index.ts';
import {
  type Entry,
  type OpenedImage,
  type Platform,
  parsePlatform,
  type TableOfContents,
} from '../../oci/image/index.ts';
import { hostPlatform, type Store, type StoredImage } from '../../oci/store/index.ts';
import { CWD, statAt } from '../../sys/index.ts';
import { type FoundImage, findImageFor } from '../find-image.ts';
import { isOffline, isOfRegistry, neither, offline, registryAccess } from '../pull/access.ts';
import { type Services, withServices } from '../services.ts';
import type { ReadingOptions } from './complete-layer.ts';
import { type ImagePlace, parsePlace } from './place.ts';

/** Which image is meant, and how to get at it. */
export interface OpenImageOptions extends ReadingOptions {
  /** Of several platforms, as written; by default the one for this machine, or else the first. */
  readonly platform?: string;
  /** Certificate authorities in PEM form, trusted for registries beside the machine's. */
  readonly ca?: string;
  /** Whether contents of files are going to be read, not only tables: of what is fetched they are then kept until the end. */
  readonly contents?: boolean;
  /** Whether a cache of builds in an archive, a layout or a registry is welcome as well. */
  readonly caches?: boolean;
}

/**
 * Opens an image, wherever it lies: see docs/layers.md for how that is written. A verb that does nothing but look needs
 * `read` of its services. The image is to be closed.
 * @throws MilleError `image-missing`, `reference-invalid`, `platform-unsupported`, `io`; `image-invalid`,
 *   `archive-broken` and the like; `network`, `registry-denied`, `interrupted`
 */
export async function openImage(
  services: Services,
  name: string,
  options: OpenImageOptions = {},
): Promise<OpenedImage> {
  const store = await services.store();
  const platform =
    options.platform === undefined ? undefined : parsePlatform(options.platform, hostPlatform());
  const place = parsePlace(name, (path) => statAt(CWD, path) !== undefined);
  const around: Around = { store, options, ...(platform ? { platform } : {}) };
  switch (place.kind) {
    case 'store':
      return await fromStore(around, findImageFor(store, place.name, options.platform));
    case 'file':
      return await fromFile(around, place);
    case 'standard-input':
      return await fromStandardInput(around);
    case 'daemon':
      return await fromDaemon(around, place.name);
    case 'registry':
      return await fromRegistry(around, place.name);
    case 'elsewhere':
      return (await fromDaemonIfThere(around, place.name)) ?? (await fromRegistry(around, place.name));
    case 'anywhere':
      return await fromAnywhere(around, place);
  }
}

/** Does some work with an opened image, which is closed at its end, however it ends. */
export async function withImage<T>(
  services: Services,
  name: string,
  options: OpenImageOptions,
  work: (image: OpenedImage) => Promise<T>,
): Promise<T> {
  const image = await openImage(services, name, options);
  try {
    return await work(image);
  } finally {
    await image.close();
  }
}

/** The tables of all layers, bottom first; several are read at once. */
export async function readTables(image: OpenedImage): Promise<TableOfContents[]> {
  const tables: TableOfContents[] = [];
  await inParallel(image.layers.entries(), async ([i, layer]) => {
    tables[i] = await layer.toc();
  });
  return tables;
}

/** Their entries for who keeps none of them: those of an image of the store are there only while they are looked at. */
export async function* entriesInPassing(
  image: OpenedImage,
): AsyncGenerator<Iterable<readonly Entry[]>, void, void> {
  if (image.origin !== 'store') await readTables(image);
  for (const layer of image.layers) yield layer.pass ? await layer.pass() : [(await layer.toc()).entries];
}

interface Around {
  readonly store: Store;
  readonly options: OpenImageOptions;
  readonly platform?: Platform;
}

async function fromStore({ store, options }: Around, found: FoundImage): Promise<OpenedImage> {
  const { openStoredImage } = await import('./stored.ts');
  return openStoredImage(store, found, (image) => bring(image, options));
}

/** Who only looks has a store that is not written to. */
async function bring({ manifestDigest }: StoredImage, options: OpenImageOptions): Promise<void> {
  const { ca, progress, signal = new AbortController().signal } = options;
  const { bringLayers } = await import('../pull/bring-layers.ts');
  await withServices('write', async (services) => {
    const store = await services.store();
    const work = store.lockShared();
    try {
      const access = () => registryAccess(store, { signal, ...(ca === undefined ? {} : { ca }) });
      const how = { access, signal, ...(progress ? { progress } : {}) };
      await bringLayers(store, store.image(manifestDigest), how);
    } finally {
      work.release();
    }
  });
}

/** What is handed on to all sources. */
function howOf({
  platform,
  options,
}: Around): ReadingOptions & { readonly platform?: Platform; readonly caches?: boolean } {
  const { signal, progress, caches } = options;
  return {
    ...(caches === undefined ? {} : { caches }),
    ...(platform ? { platform } : {}),
    ...(signal ? { signal } : {}),
    ...(progress ? { progress } : {}),
  };
}

async function fromFile(around: Around, file: ImagePlace & { kind: 'file' }): Promise<OpenedImage> {
  const { openImageFile } = await import('./archived.ts');
  return await openImageFile(around.store, file, howOf(around));
}

const STANDARD_INPUT = 0;

async function fromStandardInput(around: Around): Promise<OpenedImage> {
  const { openArchive } = await import('./archived.ts');
  return await openArchive(around.store, {
    ...{ input: STANDARD_INPUT, shown: 'standard input', origin: 'archive', choice: {} },
    ...howOf(around),
  });
}

async function fromDaemonIfThere(around: Around, name: string) {
  const { openDaemonImage } = await import('./daemon.ts');
  return await openDaemonImage(around.store, name, howOf(around));
}

async function fromDaemon(around: Around, name: string): Promise<OpenedImage> {
  const found = await fromDaemonIfThere(around, name);
  if (found) return found;
  const { notInDaemon } = await import('./daemon.ts');
  throw notInDaemon(name);
}

async function fromRegistry(around: Around, name: string): Promise<OpenedImage> {
  const { ca, signal = new AbortController().signal, contents = false } = around.options;
  const access = await registryAccess(around.store, { signal, ...(ca === undefined ? {} : { ca }) });
  if (!access) throw offline(`cannot look at ${name}`);
  const { openRemoteImage } = await import('./remote.ts');
  return await openRemoteImage(around.store, name, { ...howOf(around), access, contents });
}

/** The store first, for there it costs nothing; then a file of that name, the daemon, the registry. */
async function fromAnywhere(around: Around, place: ImagePlace & { kind: 'anywhere' }): Promise<OpenedImage> {
  const { name, file } = place;
  let local: MilleError;
  try {
    return await fromStore(around, findImageFor(around.store, name, around.options.platform));
  } catch (error) {
    const isElsewhere =
      error instanceof MilleError &&
      ['image-missing', 'reference-invalid', 'platform-unsupported'].includes(error.code);
    if (!isElsewhere) throw error;
    local = error;
  }
  if (file && !isOtherDirectory(file.path)) return await fromFile(around, { kind: 'file', ...file });
  if (local.code === 'reference-invalid') throw local;
  const docked = await fromDaemonIfThere(around, name).catch(notOfDaemon);
  if (docked) return docked;
  const isId = /^(?:sha256:)?[0-9a-f]{64}$/.test(name);
  if (isId || isOffline()) throw local;
  try {
    return await fromRegistry(around, name);
  } catch (error) {
    if (!isOfRegistry(error)) throw error;
    throw local.code === 'image-missing' ? neither(local, error) : local;
  }
}

/** Projects have directories of the names of their images. */
function isOtherDirectory(path: string): boolean {
  const has = (name: string) => statAt(CWD, `${path}/${name}`) !== undefined;
  return has('.') && !has('index.json') && !has('manifest.json');
}

/** A daemon that nobody asked for, and that does not answer, is as good as none. */
function notOfDaemon(error: unknown): undefined {
  if (error instanceof MilleError && error.code === 'network') return undefined;
  throw error;
}
