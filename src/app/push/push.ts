// `mille push`: images of the store to the registry that their name says. Only what is not there is sent, and the name
// comes last, so that whoever pulls meanwhile sees the old image or the new one.

import { displayPath, type EventSink, MilleError } from '../../core/index.ts';
import { canonicalName, formatReference, parseReference, type Reference } from '../../oci/image/index.ts';
import { openRepository, type RegistryAccess } from '../../oci/registry/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { announced, type TravelProgress } from '../cache-travel/announced.ts';
import { findImageFor } from '../find-image.ts';
import { notePlaces, placesOf } from '../known-places.ts';
import { offline, registryAccess } from '../pull/access.ts';
import { readTrust } from '../pull/read-trust.ts';
import { withServices } from '../services.ts';
import { documentsToPush, type PushDocuments } from './documents.ts';
import { sendDocuments } from './send.ts';
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
  const { store, access } = around;
  const found = findImageFor(store, canonicalName(reference), options.platform);
  const { has } = openRepository(reference, access, { push: true });
  const documents = await documentsToPush({ ...around, has }, found, options);
  return await pushDocuments(around, reference, documents, (shown) => `[1/1] push ${shown}`);
}

/** Sends what documents name, and gives them the name. @throws MilleError `network`, `registry-denied`, `interrupted` */
export async function pushDocuments(
  { store, access, events, signal }: Around,
  reference: Reference,
  documents: PushDocuments,
  titled = (shown: string) => `push ${shown}`,
): Promise<Pushed> {
  const shown = formatReference(reference);
  const digests = documents.blobs.map(({ digest }) => digest);
  const places = placesOf(store, reference, digests);
  const repository = openRepository(reference, access, { push: true, mounts: [...new Set(places.values())] });
  let sent = 0;
  const send = async (progress: TravelProgress) => {
    sent = await sendDocuments({ store, repository, places, progress }, documents, reference.tag!);
    return { bytes: sent };
  };
  await announced({ events, signal }, `push ${shown}`, titled(shown), send);
  notePlaces(store, reference, digests);
  const { digest, size } = documents.root;
  return { name: shown, tag: reference.tag!, digest, size, sent };
}
