// `mille push`: images of the store to the registry that their name says. Only what is not there is sent, and the name
// comes last, so that whoever pulls meanwhile sees the old image or the new one.

import { type Digest, displayPath, type EventSink, MilleError } from '../../core/index.ts';
import {
  canonicalName,
  formatReference,
  parseReference,
  type RawDocument,
  type Reference,
} from '../../oci/image/index.ts';
import { openRepository, type RegistryAccess } from '../../oci/registry/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { announced, type TravelProgress } from '../cache-travel/announced.ts';
import { findImageFor } from '../find-image.ts';
import { notePlaces, placesOf } from '../known-places.ts';
import { offline, registryAccess } from '../pull/access.ts';
import { readTrust } from '../pull/read-trust.ts';
import { withServices } from '../services.ts';
import { documentsToPush, imagesToPush, type PackedLayers, type PushDocuments } from './documents.ts';
import { type BlobsToSend, knownBlobs, sendBlobs, sendDocument } from './send.ts';
import { mountsFor, sendable } from './sendable.ts';
import type { Pushed, PushOptions, PushResult } from './types.ts';

/** See `PushVerbs.push`. */
export function push(options: PushOptions, events: EventSink, signal: AbortSignal): Promise<PushResult> {
  const reference = parseReference(options.image);
  if (reference.digest !== undefined) {
    throw new MilleError('usage', `'${displayPath(options.image)}' cannot be pushed: a digest is no name`, {
      hint: 'give the image a name with `mille tag`, and push that',
    });
  }
  return withServices('container', async (services) => {
    const store = await services.store();
    const lock = store.lockShared();
    try {
      const trust = options.ca === undefined ? undefined : readTrust(store, options.ca);
      const access = await registryAccess(store, { signal, ...(trust === undefined ? {} : { ca: trust }) });
      if (!access) throw offline(`cannot push ${formatReference(reference)}`);
      const pushed: Pushed[] = [];
      for (const name of options.allTags ? tagsOf(store, reference) : [reference])
        pushed.push(await pushOne({ store, access, events, signal }, name, options));
      return { repository: `${reference.registry}/${reference.repository}`, pushed };
    } finally {
      lock.release();
    }
  });
}

/** All names of a repository in the store. @throws MilleError `image-missing` */
function tagsOf(store: Store, { registry, repository }: Reference): Reference[] {
  const names = new Set(store.listImages().flatMap((image) => image.names));
  const found = [...names]
    .sort()
    .map((name) => parseReference(name))
    .filter((name) => name.registry === registry && name.repository === repository);
  if (found.length > 0) return found;
  throw new MilleError('image-missing', `no image in the store is called ${registry}/${repository}`, {
    hint: '`mille images` lists what there is; `mille tag` gives another name',
  });
}

interface Around {
  readonly store: Store;
  readonly access: RegistryAccess;
  readonly events: EventSink;
  readonly signal: AbortSignal;
}

async function pushOne(around: Around, reference: Reference, options: PushOptions): Promise<Pushed> {
  const { store } = around;
  const { platform, compression } = options;
  const found = findImageFor(store, canonicalName(reference), platform);
  const images = imagesToPush(store, found, platform);
  const { access, events, signal } = around;
  const how = { access: async () => access, packing: compression, events, signal };
  const whole = await sendable(store, images, how);
  const content: PushContent = {
    configs: images.map(({ manifest }) => manifest.config),
    layers: images.flatMap(({ manifest }) => manifest.layers),
    packing: compression,
    mounts: mountsFor(reference, images),
    documents: (packed) => documentsToPush(store, found, { images, packed }, platform),
  };
  const titled = (shown: string) => `[1/1] push ${shown}`;
  return await pushContent({ ...around, store: whole }, reference, content, titled);
}

/** What is pushed under one name. */
export interface PushContent extends BlobsToSend {
  /** Made when it is known what became of the layers. */
  documents(packed: PackedLayers): PushDocuments;
  /** Repositories of the same registry that are known to have blobs, beside those that are remembered. */
  readonly mounts?: ReadonlyMap<Digest, string>;
  /** No tag is given. */
  readonly byDigest?: boolean;
}

/** Sends blobs, then what names them. @throws MilleError `network`, `registry-denied`, `interrupted` */
export async function pushContent(
  { store, access, events, signal }: Around,
  reference: Reference,
  content: PushContent,
  titled = (shown: string) => `push ${shown}`,
): Promise<Pushed> {
  const shown = formatReference(reference);
  const remembered = placesOf(store, reference, knownBlobs(store, content));
  const places = new Map([...remembered, ...(content.mounts ?? [])]);
  const repository = openRepository(reference, access, { push: true, mounts: [...new Set(places.values())] });
  let sent = 0;
  let root: RawDocument | undefined;
  const send = async (progress: TravelProgress) => {
    const done = await sendBlobs({ store, repository, places, progress }, content);
    sent = done.sent;
    const documents = content.documents(done.packed);
    for (const blob of documents.blobs ?? []) sent += await sendDocument(store, repository, blob);
    for (const manifest of documents.manifests) await repository.putManifest(manifest.digest, manifest);
    root = documents.root;
    await repository.putManifest(content.byDigest ? root.digest : reference.tag!, root);
    notePlaces(
      store,
      reference,
      [...done.packed.values()].map(({ digest }) => digest),
    );
    return { bytes: sent };
  };
  await announced({ events, signal }, `push ${shown}`, titled(shown), send);
  const { digest, size } = root!;
  return { name: shown, tag: reference.tag!, digest, size, sent };
}
