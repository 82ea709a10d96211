// `mille copy`: an image from one place to another, to the byte.

import { type Digest, type EventSink, inParallel, MilleError } from '../../core/index.ts';
import { familiarName, formatReference, parsePlatform, type Reference } from '../../oci/image/index.ts';
import type { RegistryAccess } from '../../oci/registry/index.ts';
import { hostPlatform, type Store } from '../../oci/store/index.ts';
import { CWD, statAt } from '../../sys/index.ts';
import { announced, type TravelProgress } from '../cache-travel/announced.ts';
import { lookUpImage } from '../find-image.ts';
import { notePlaces } from '../known-places.ts';
import { isOfRegistry, offline, registryAccess } from '../pull/access.ts';
import { readTrust } from '../pull/read-trust.ts';
import { type Need, withServices } from '../services.ts';
import { type CopyDocuments, readDocuments } from './documents.ts';
import { type CopyPlace, parseCopyPlace, splitTarget } from './place.ts';
import { type CopySource, fileSource, registrySource, storeSource } from './source.ts';
import { type CopyTarget, fileTarget, type How, registryTarget, storeTarget } from './target.ts';
import type { CopyOptions, CopyResult } from './types.ts';

interface Around {
  readonly store: Store;
  readonly events: EventSink;
  readonly signal: AbortSignal;
  readonly options: CopyOptions;
  readonly from: CopyPlace['kind'];
}

/** See `CopyVerbs.copy`. */
export function copy(options: CopyOptions, events: EventSink, signal: AbortSignal): Promise<CopyResult> {
  const [from, to] = [parseCopyPlace(options.source), parseCopyPlace(options.destination)];
  if (to.kind !== 'registry' && to.kind !== 'store') splitTarget(to.rest);
  return withServices(needOf(from, to), async (services) => {
    services.onNotice((message) => events({ type: 'note', message }));
    const around: Around = { store: await services.store(), events, signal, options, from: from.kind };
    const access = await accessFor(around, from, to);
    const source = await openSource(around, from, access);
    try {
      return await copyFrom(around, source, { to, access });
    } catch (error) {
      throw from.kind === 'registry' ? withWhatIsHere(around.store, options.source, error) : error;
    } finally {
      source.close();
    }
  });
}

/** Who gives a plain name may have meant what is here. */
function withWhatIsHere(store: Store, name: string, error: unknown): unknown {
  if (!isOfRegistry(error) || /^[a-z-]+:\/\//.test(name)) return error;
  const hint = statAt(CWD, name)
    ? `a plain name is a registry's; for the file or directory write oci:${name}, oci-archive:${name} or docker-archive:${name}`
    : lookUpImage(store, name)
      ? `a plain name is a registry's; for the image of the store write store://${name}`
      : undefined;
  return hint === undefined ? error : new MilleError(error.code, error.message, { hint, cause: error });
}

/** Between registries and files the store is not needed, and not made where there is none. */
function needOf(from: CopyPlace, to: CopyPlace): Need {
  return from.kind === 'store' || to.kind === 'store' ? 'container' : 'read';
}

/** How to talk to registries, where one is asked. */
async function accessFor(
  { store, signal, options }: Around,
  from: CopyPlace,
  to: CopyPlace,
): Promise<RegistryAccess | undefined> {
  const named = [from, to].find((place) => place.kind === 'registry');
  if (named?.kind !== 'registry') return undefined;
  const ca = options.ca === undefined ? undefined : readTrust(store, options.ca);
  const access = await registryAccess(store, {
    signal,
    mirrors: options.registryMirrors ?? [],
    ...(ca === undefined ? {} : { ca }),
  });
  if (!access)
    throw offline(`cannot copy ${from === named ? 'from' : 'to'} ${formatReference(named.reference)}`);
  return access;
}

async function openSource(
  around: Around,
  from: CopyPlace,
  access: RegistryAccess | undefined,
): Promise<CopySource> {
  if (from.kind === 'registry') return registrySource(from.reference, access!);
  if (from.kind === 'store') return await storeSource(around, from.name, around.options.platform);
  return await fileSource(around.store, from.rest);
}

async function copyFrom(
  around: Around,
  source: CopySource,
  { to, access }: { readonly to: CopyPlace; readonly access: RegistryAccess | undefined },
): Promise<CopyResult> {
  const { store, events, signal, options } = around;
  // Docker's archives hold one image of several platforms.
  const platform =
    options.platform !== undefined
      ? parsePlatform(options.platform, hostPlatform())
      : to.kind === 'docker-archive'
        ? hostPlatform()
        : undefined;
  const strict = options.platform !== undefined;
  const documents = await readDocuments(source, { strict, ...(platform ? { platform } : {}) });
  for (const { digest } of documents.foreign)
    events({ type: 'warning', message: `the layer ${digest} lies elsewhere, as the image says: not copied` });
  if (to.kind === 'registry') checkDigest(to.reference, documents.root.digest);
  const target = openTarget({ ...around, source }, to, { access, blobs: documents.blobs });
  try {
    let done: Transferred | undefined;
    await announced(
      { events, signal },
      'copy',
      `[1/1] copy ${source.shown} to ${target.shown}`,
      async (progress) => {
        done = await transfer(documents, target, progress);
        return { bytes: done.bytes };
      },
    );
    if (to.kind === 'registry' && around.from === 'store')
      notePlaces(
        store,
        to.reference,
        documents.blobs.map(({ digest }) => digest),
      );
    const { digest, mediaType, size } = documents.root;
    return { destination: target.shown, digest, mediaType, size, ...done! };
  } finally {
    target.close();
  }
}

/** A digest as the destination is a promise, which is kept or refused before anything is sent. */
function checkDigest(to: Reference, digest: Digest): void {
  if (to.digest === undefined || to.digest === digest) return;
  throw new MilleError('usage', `the image is ${digest}, and cannot be ${to.digest}`, {
    hint: `name a tag: ${familiarName(to)}:TAG`,
  });
}

function openTarget(
  services: Around & { readonly source: CopySource },
  to: CopyPlace,
  { access, blobs }: { readonly access: RegistryAccess | undefined; readonly blobs: CopyDocuments['blobs'] },
): CopyTarget {
  if (to.kind === 'registry') {
    return registryTarget(services, { reference: to.reference, access: access!, blobs });
  }
  if (to.kind === 'store') return storeTarget(services, to.name);
  return fileTarget(services, to.kind, to.rest);
}

type Transferred = Pick<CopyResult, 'manifests' | 'blobs' | 'bytes'>;

/** Blobs, then manifests, then the root with its name. */
async function transfer(
  documents: CopyDocuments,
  target: CopyTarget,
  progress: TravelProgress,
): Promise<Transferred> {
  const counts: Record<How, number> = { there: 0, mounted: 0, copied: 0 };
  const done = new Map<Digest, number>();
  const total = documents.blobs.reduce((sum, { size }) => sum + size, 0);
  const show = (digest: Digest, bytes: number) => {
    done.set(digest, bytes);
    progress(
      'copying',
      [...done.values()].reduce((sum, each) => sum + each, 0),
      total,
    );
  };
  let bytes = 0;
  await inParallel(documents.blobs, async (blob) => {
    const how = await target.blob(blob, (at) => show(blob.digest, at));
    counts[how]++;
    if (how === 'copied') bytes += blob.size;
    show(blob.digest, blob.size);
  });
  for (const member of documents.members) await target.document(member);
  await target.finish(documents);
  return { manifests: documents.members.length + 1, blobs: counts, bytes };
}
