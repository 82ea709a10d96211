// `mille inspect --remote`: what a name means at its registry, by its documents alone.

import { type Digest, inParallel, MilleError } from '../../core/index.ts';
import {
  chooseImage,
  choosePlatform,
  type Descriptor,
  familiarName,
  formatPlatform,
  formatReference,
  forOthers,
  type ImageConfig,
  isImageEntry,
  isIndexType,
  type Manifest,
  normalizePlatform,
  parseConfig,
  parseIndex,
  parseManifest,
  parsePlatform,
  platformDistance,
  type Reference,
  statementsIn,
} from '../../oci/image/index.ts';
import { openRepository, type Repository, readConfig } from '../../oci/registry/index.ts';
import { hostPlatform } from '../../oci/store/index.ts';
import { parseCopyPlace } from '../copy/place.ts';
import { mediaTypeOf } from '../copy/source.ts';
import { configDocument } from '../inspect.ts';
import { offline, registryAccess } from '../pull/access.ts';
import { readTrust } from '../pull/read-trust.ts';
import { withServices } from '../services.ts';
import type { ImageDocument } from '../types.ts';
import type { InspectRemoteOptions, RemoteAttestation, RemoteInspected, RemotePlatform } from './types.ts';

/** More than any image has; each of them is asked for. */
const MOST_PLATFORMS = 200;

/** See `InspectRemoteVerbs.inspectRemote`. */
export function inspectRemote(
  names: readonly string[],
  options: InspectRemoteOptions,
  signal: AbortSignal,
): Promise<readonly RemoteInspected[]> {
  const references = names.map(referenceOf);
  return withRepositories(references, options, signal, async (repositories) => {
    const found: RemoteInspected[] = [];
    for (const [i, repository] of repositories.entries())
      found.push(await inspectOne(repository, references[i]!, options));
    return found;
  });
}

/** See `InspectRemoteVerbs.rawManifest`. */
export function rawManifest(
  name: string,
  options: InspectRemoteOptions,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const reference = referenceOf(name);
  return withRepositories([reference], options, signal, async ([repository]) => {
    const root = await repository!.manifest(reference.digest ?? reference.tag!);
    if (options.platform === undefined || !isIndexType(mediaTypeOf(root.bytes))) return root.bytes;
    const entries = parseIndex(textOf(root.bytes)).manifests.filter(isImageEntry);
    return (await repository!.manifest(choose(entries, reference, options.platform).digest)).bytes;
  });
}

function referenceOf(name: string): Reference {
  const place = parseCopyPlace(name);
  if (place.kind === 'registry') return place.reference;
  throw new MilleError('usage', `'${name}' is not in a registry`, {
    hint: 'leave --remote out for the store; `mille layers` looks into layouts and archives',
  });
}

function withRepositories<T>(
  references: readonly Reference[],
  options: InspectRemoteOptions,
  signal: AbortSignal,
  work: (repositories: readonly Repository[]) => Promise<T>,
): Promise<T> {
  return withServices('read', async (services) => {
    const store = await services.store();
    const ca = options.ca === undefined ? undefined : readTrust(store, options.ca);
    const access = await registryAccess(store, {
      signal,
      mirrors: options.registryMirrors ?? [],
      ...(ca === undefined ? {} : { ca }),
    });
    if (!access) throw offline(`cannot inspect ${formatReference(references[0]!)}`);
    return work(references.map((reference) => openRepository(reference, access)));
  });
}

/** An image of a reference, with its manifest. */
interface Member {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly manifest: Manifest;
  readonly entry?: Descriptor;
}

async function inspectOne(
  repository: Repository,
  reference: Reference,
  { platform }: InspectRemoteOptions,
): Promise<RemoteInspected> {
  const { bytes, digest } = await repository.manifest(reference.digest ?? reference.tag!);
  const mediaType = mediaTypeOf(bytes);
  const entries = isIndexType(mediaType) ? parseIndex(textOf(bytes)).manifests : [];
  const images = entries.filter(isImageEntry);
  const members = isIndexType(mediaType)
    ? await readMembers(repository, images)
    : [{ digest, mediaType, bytes, manifest: parseManifest(textOf(bytes)) }];
  const chosen = isIndexType(mediaType) ? choose(images, reference, platform).digest : digest;
  const member = members.find((one) => one.digest === chosen);
  if (!member) throw nested(reference);
  const configBytes = await readConfig(repository, member.manifest.config);
  const config = parseConfig(textOf(configBytes));
  if (platform !== undefined && !member.entry) checkPlatform(config, reference, platform);
  const { registry, repository: path, tag } = reference;
  const suffix = reference.digest === undefined ? `:${tag}` : `@${reference.digest}`;
  return {
    Name: `${registry}/${path}${suffix}`,
    ...{ Digest: digest, MediaType: mediaType, Size: bytes.length },
    Platforms: members.map((one) => platformOf(one, config)),
    Attestations: await readAttestations(
      repository,
      entries.filter((entry) => !isImageEntry(entry)),
    ),
    Manifest: JSON.parse(textOf(member.bytes)),
    Config: JSON.parse(textOf(configBytes)),
    Image: imageOf(member, config, { reference, root: digest }),
  };
}

/** In the order of the index. One of indexes within it is none of its images. */
async function readMembers(repository: Repository, images: readonly Descriptor[]): Promise<Member[]> {
  const members: Member[] = [];
  const single = images.filter((entry) => !isIndexType(entry.mediaType)).slice(0, MOST_PLATFORMS);
  await inParallel(single.entries(), async ([i, entry]) => {
    const { digest, bytes } = await repository.manifest(entry.digest);
    members[i] = { digest, bytes, mediaType: entry.mediaType, manifest: parseManifest(textOf(bytes)), entry };
  });
  return members;
}

/** In the order of the index; of each what it states. One that is not there is no reason to show nothing. */
async function readAttestations(
  repository: Repository,
  entries: readonly Descriptor[],
): Promise<RemoteAttestation[]> {
  const found: RemoteAttestation[] = [];
  await inParallel(entries.slice(0, MOST_PLATFORMS).entries(), async ([i, entry]) => {
    const subject = entry.annotations?.['vnd.docker.reference.digest'];
    const predicates = await predicatesOf(repository, entry.digest);
    found[i] = {
      Digest: entry.digest,
      ...(subject === undefined ? {} : { For: subject }),
      ...(predicates ? { Predicates: predicates } : {}),
    };
  });
  return found;
}

async function predicatesOf(repository: Repository, digest: Digest): Promise<readonly string[] | undefined> {
  try {
    const { bytes } = await repository.manifest(digest);
    return statementsIn(parseManifest(textOf(bytes))).map(({ predicateType }) => predicateType);
  } catch (error) {
    if (error instanceof MilleError && ['image-missing', 'image-invalid'].includes(error.code))
      return undefined;
    throw error;
  }
}

function platformOf({ digest, mediaType, manifest, entry }: Member, config: ImageConfig): RemotePlatform {
  const annotations = { ...entry?.annotations, ...manifest.annotations };
  const found = entry ? entry.platform : config;
  return {
    Platform: found ? formatPlatform(normalizePlatform(found)) : 'unknown',
    ...{ Digest: digest, MediaType: mediaType, Size: sizeOf(manifest) },
    Layers: manifest.layers.map((layer) => {
      return { mediaType: layer.mediaType, digest: layer.digest, size: layer.size };
    }),
    ...(Object.keys(annotations).length > 0 ? { Annotations: annotations } : {}),
  };
}

function sizeOf({ config, layers }: Manifest): number {
  return layers.reduce((sum, { size }) => sum + size, config.size);
}

/** As Docker shows one that is here; the size is that of what would be fetched. */
function imageOf(
  { digest, mediaType, bytes, manifest }: Member,
  config: ImageConfig,
  { reference, root }: { readonly reference: Reference; readonly root: Digest },
): ImageDocument {
  const { architecture, variant, os, rootfs } = config;
  return {
    Id: manifest.config.digest,
    RepoTags: reference.digest === undefined ? [formatReference(reference)] : [],
    RepoDigests: [`${familiarName(reference)}@${root}`],
    Comment: config.history?.at(-1)?.comment ?? '',
    Created: config.created ?? '',
    Author: config.author ?? '',
    Config: configDocument({ config }),
    Architecture: architecture,
    ...(variant === undefined ? {} : { Variant: variant }),
    Os: os,
    Size: sizeOf(manifest),
    RootFS: { Type: 'layers', Layers: rootfs.diff_ids },
    Descriptor: { mediaType, digest, size: bytes.length },
  };
}

/** The image for a platform; for this machine, or else the first, where none is asked for. */
function choose(
  images: readonly Descriptor[],
  reference: Reference,
  platform: string | undefined,
): Descriptor {
  const own = hostPlatform();
  const wanted = platform === undefined ? own : parsePlatform(platform, own);
  const words = { shown: formatReference(reference), hint: HINT };
  if (platform !== undefined || images.length === 0) return chooseImage({ manifests: images }, wanted, words);
  return choosePlatform(images, (entry) => entry.platform, wanted) ?? images[0]!;
}

const HINT = 'leave --platform out to see all that there is';

function checkPlatform(config: ImageConfig, reference: Reference, platform: string): void {
  const wanted = parsePlatform(platform, hostPlatform());
  if (platformDistance(config, wanted) === undefined)
    throw forOthers([config], wanted, { shown: formatReference(reference), hint: HINT });
}

function nested(reference: Reference): MilleError {
  return new MilleError('image-invalid', `${formatReference(reference)} is an index of indexes`, {
    hint: '--raw shows what it holds',
  });
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
