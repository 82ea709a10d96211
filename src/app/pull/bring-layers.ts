// Images of the store whose layers are still at the registry where their base came from: read from there, or brought, when
// something needs their bytes. Who asks does it with the login of now; the store only knows where.

import { type EventSink, MilleError, shortDigest } from '../../core/index.ts';
import { type Descriptor, parseReference } from '../../oci/image/index.ts';
import {
  checkedBlob,
  openRepository,
  type RegistryAccess,
  type Repository,
} from '../../oci/registry/index.ts';
import {
  type DistantBlob,
  imageTitle,
  type ReceivedImage,
  receiveLayers,
  type Store,
  type StoredImage,
} from '../../oci/store/index.ts';
import { announced } from '../cache-travel/announced.ts';

/** How layers are got. */
export interface OriginAccess {
  /** How to talk to registries; asked for when there is something to fetch. Undefined where that is forbidden. */
  readonly access: () => Promise<RegistryAccess | undefined>;
  /** By what it is forbidden, where it is not by --offline. */
  readonly forbidden?: string;
}

/** How layers are brought. */
export interface BringOptions extends OriginAccess {
  readonly signal?: AbortSignal;
  readonly progress?: (done: number, total: number) => void;
  /** Whether something is about to run on the image. */
  readonly unpack?: boolean;
}

/** Reads a layer that is not here, from a byte on; neither its digest is checked nor an error explained. */
type ReadOrigin = (layer: Descriptor, signal?: AbortSignal, from?: number) => AsyncIterable<Uint8Array>;

function originReader(image: StoredImage, { access, forbidden }: OriginAccess): ReadOrigin {
  const repositories = new Map<string, Promise<Repository>>();
  const open = async (blob: DistantBlob): Promise<Repository> => {
    const asked = await access();
    if (!asked) throw notAsked(image, blob, forbidden);
    return openRepository(parseReference(blob.origin), asked);
  };
  return async function* (layer, signal, from) {
    const blob = blobOf(image, layer);
    const repository = repositories.get(blob.origin) ?? open(blob);
    repositories.set(blob.origin, repository);
    yield* (await repository).stream(layer, signal, from);
  };
}

/**
 * Reads the layers of an image that are not here, each checked against its digest by the end.
 * @throws while reading: MilleError `network`, `registry-denied`, `image-missing`, `digest-mismatch`, with the image, the
 *   layer and its origin
 */
export function readChecked(
  image: StoredImage,
  access: OriginAccess,
): (layer: Descriptor) => AsyncIterable<Uint8Array> {
  const read = originReader(image, access);
  return async function* (layer) {
    try {
      yield* checkedBlob(read(layer), layer.digest);
    } catch (error) {
      throw explained(error, image, blobOf(image, layer));
    }
  };
}

function blobOf(image: StoredImage, { digest }: Descriptor): DistantBlob {
  const blob = image.distant.find(({ descriptor }) => descriptor.digest === digest);
  if (!blob) throw new Error(`the layer ${digest} is not elsewhere`);
  return blob;
}

/**
 * Brings the layers of an image that are not here: each once, whoever else fetches it just now.
 * @returns whether there were any
 * @throws MilleError as `readChecked`, and for what is no layer
 */
export async function bringLayers(store: Store, image: StoredImage, options: BringOptions): Promise<boolean> {
  const { distant, config, manifest } = image;
  if (distant.length === 0) return false;
  const { progress, unpack = false, signal } = options;
  const missing: ReceivedImage = {
    manifest: { ...manifest, layers: distant.map(({ descriptor }) => descriptor) },
    config: { ...config, rootfs: { ...config.rootfs, diff_ids: distant.map(({ diffId }) => diffId) } },
    open: originReader(image, options),
  };
  return await receiveLayers(store, missing, {
    unpack,
    ...(signal ? { signal } : {}),
    ...(progress ? { progress } : {}),
    explain: (error, layer) => explained(error, image, blobOf(image, layer)),
  });
}

/** The same, shown as a step of its own; silent where all is here. */
export async function bringLayersShown(
  store: Store,
  image: StoredImage,
  { events, ...options }: BringOptions & { readonly events: EventSink; readonly signal: AbortSignal },
): Promise<void> {
  if (image.distant.length === 0) return;
  const title = `fetch the layers of ${imageTitle(image)}`;
  await announced(
    { events, signal: options.signal },
    `bring ${image.manifestDigest}`,
    title,
    async (progress) => {
      await bringLayers(store, image, {
        ...options,
        progress: (done, total) => progress('pulling', done, total),
      });
      return {};
    },
  );
}

/** An error that says whose layer it is about. */
class OriginError extends MilleError {}

/** What is the fault of where a layer comes from, or of the way. */
const OF_ORIGIN: readonly MilleError['code'][] = [
  ...(['network', 'registry-denied', 'image-missing', 'image-invalid', 'digest-mismatch'] as const),
  ...(['archive-broken', 'archive-escape', 'archive-limit'] as const),
];

function explained(error: unknown, image: StoredImage, blob: DistantBlob): unknown {
  if (!(error instanceof MilleError) || error instanceof OriginError) return error;
  if (!OF_ORIGIN.includes(error.code)) return error;
  const again = `\`mille pull ${blob.origin}\` brings it once its registry has it and answers; else \`mille build --pull\` puts the image on what its base is now`;
  const hint = error.code === 'registry-denied' && error.hint !== undefined ? error.hint : again;
  return new OriginError(error.code, `${sentence(image, blob)}: ${error.message}`, { hint, cause: error });
}

function notAsked(
  image: StoredImage,
  blob: DistantBlob,
  forbidden = '--offline (MILLE_OFFLINE)',
): MilleError {
  return new OriginError('network', `${sentence(image, blob)}, and ${forbidden} forbids to ask a registry`, {
    hint: `\`mille pull ${blob.origin}\` brings it where there is a network; \`mille build --whole\` leaves no layer elsewhere`,
  });
}

function sentence(image: StoredImage, { descriptor, origin }: DistantBlob): string {
  return `the layer ${shortDigest(descriptor.digest)} of ${imageTitle(image)} is not here yet but at ${origin}`;
}
