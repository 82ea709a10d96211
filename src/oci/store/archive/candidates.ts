// The images of an archive or a layout, and the one of them that is meant.

import { type Digest, digestHex, LIMITS, MilleError, suggest } from '../../../core/index.ts';
import {
  canonicalName,
  type Descriptor,
  formatReference,
  isImageEntry,
  isIndexType,
  MEDIA,
  parseIndex,
  parseReference,
} from '../../image/index.ts';
import { configDigest, type DockerEntry, readDockerManifest } from './load-docker.ts';
import { nameOf, presentImages, readBlob, readManifestBlob } from './load-oci.ts';
import { type ArchiveSource, readDocument } from './source.ts';

/** An image, or one for several platforms. */
export interface ArchiveCandidate {
  /** Canonical. */
  readonly names: readonly string[];
  /** As they are written there: umoci writes a tag alone. */
  readonly written: readonly string[];
  readonly where: { readonly descriptor: Descriptor } | { readonly entry: DockerEntry };
}

/** What is looked for: a digest wins over a name. */
export interface Wanted {
  readonly name?: string;
  readonly digest?: Digest;
}

/**
 * Finds the image that is meant; without a name or digest, the only one.
 * @throws MilleError `image-missing`, also where there are several; `image-invalid` for what is no archive of images
 */
export async function chooseCandidate(
  source: ArchiveSource,
  { name, digest }: Wanted,
): Promise<ArchiveCandidate> {
  const hasLayout = source.size('index.json') !== undefined;
  const hasDocker = source.size('manifest.json') !== undefined;
  if (!hasLayout && !hasDocker) {
    throw new MilleError(
      'image-invalid',
      'it holds no image: neither manifest.json nor index.json is there',
      {
        hint: '`docker save`, `mille save` and `skopeo copy … oci-archive:…` write archives of images',
      },
    );
  }
  const layout = hasLayout ? await layoutCandidates(source) : [];
  const docker = (hasDocker ? await readDockerManifest(source) : []).map(
    (entry): ArchiveCandidate => ({ names: entry.names, written: [], where: { entry } }),
  );
  if (digest !== undefined) return await byDigest(source, docker, digest);
  if (name !== undefined) {
    // Where an archive is both, the layout is preferred: it knows the digests.
    const named = [...layout, ...docker].find((one) => isCalled(one, name));
    if (named) return named;
    const [tagged, other] = (layout.length > 0 ? layout : docker).filter((one) => hasTag(one, name));
    if (tagged && !other) return tagged;
    throw missing(name, [...layout, ...docker]);
  }
  const configs = layout.length === 0 || docker.length === 0 ? new Set() : await configsOf(source, layout);
  const all = [
    ...layout,
    ...docker.filter(({ where }) => !('entry' in where && configs.has(configDigest(where.entry)))),
  ];
  const [only, second] = all;
  if (only && !second) return only;
  if (!only) throw new MilleError('image-invalid', 'it holds no image');
  throw several(all);
}

async function layoutCandidates(source: ArchiveSource): Promise<ArchiveCandidate[]> {
  const { bytes } = await readDocument(source, 'index.json', LIMITS.manifest);
  const { manifests } = parseIndex(new TextDecoder().decode(bytes));
  const found = new Map<Digest, { names: string[]; written: string[]; where: { descriptor: Descriptor } }>();
  for (const descriptor of manifests.filter(isImageEntry)) {
    const known = found.get(descriptor.digest) ?? { names: [], written: [], where: { descriptor } };
    const name = nameOf(descriptor);
    const written = descriptor.annotations?.['org.opencontainers.image.ref.name'];
    if (name !== undefined) known.names.push(name);
    if (written !== undefined) known.written.push(written);
    found.set(descriptor.digest, known);
  }
  return [...found.values()];
}

/** A manifest or an index need not stand in `index.json`. */
async function byDigest(
  source: ArchiveSource,
  docker: readonly ArchiveCandidate[],
  digest: Digest,
): Promise<ArchiveCandidate> {
  const config = docker.find(({ where }) => 'entry' in where && configDigest(where.entry) === digest);
  if (config) return config;
  const size = source.size(`blobs/sha256/${digestHex(digest)}`);
  if (size === undefined)
    throw new MilleError('image-missing', `it has no ${digest}`, {
      hint: 'look for the digest of a manifest or an index in its index.json',
    });
  const probe = { mediaType: MEDIA.manifest, digest, size };
  const bytes = await readBlob(source, probe);
  const isIndex = /"manifests"\s*:/.test(new TextDecoder().decode(bytes));
  const descriptor = isIndex ? { ...probe, mediaType: MEDIA.index } : probe;
  return { names: [], written: [], where: { descriptor } };
}

function isCalled({ names, written }: ArchiveCandidate, name: string): boolean {
  if (written.includes(name)) return true;
  try {
    return names.includes(canonicalName(parseReference(name)));
  } catch {
    return false;
  }
}

function hasTag({ names }: ArchiveCandidate, tag: string): boolean {
  return names.some((name) => parseReference(name).tag === tag);
}

/** The configs of all images of a layout that are there. */
async function configsOf(source: ArchiveSource, layout: readonly ArchiveCandidate[]): Promise<Set<unknown>> {
  const configs = new Set<unknown>();
  for (const { where } of layout) {
    if (!('descriptor' in where)) continue;
    const { descriptor } = where;
    const images = isIndexType(descriptor.mediaType)
      ? presentImages(
          source,
          parseIndex(new TextDecoder().decode(await readBlob(source, descriptor))).manifests,
        )
      : [descriptor];
    for (const image of images) {
      if (isIndexType(image.mediaType)) continue;
      configs.add((await readManifestBlob(source, image)).manifest.config.digest);
    }
  }
  return configs;
}

const SHOWN = 5;

function titlesOf(all: readonly ArchiveCandidate[]): string[] {
  return all.flatMap(({ names, written }) =>
    names.length > 0 ? names.map((name) => formatReference(parseReference(name))) : written,
  );
}

function missing(name: string, all: readonly ArchiveCandidate[]): MilleError {
  const there = titlesOf(all);
  const near = suggest(name, there);
  const list = there.length > 0 ? `there is ${there.slice(0, SHOWN).join(', ')}` : 'its images have no names';
  return new MilleError('image-missing', `it has no image '${name}'`, {
    hint: near === undefined ? list : `did you mean ${near}?`,
  });
}

function several(all: readonly ArchiveCandidate[]): MilleError {
  const there = titlesOf(all);
  const names = there.length > 0 ? there.slice(0, SHOWN).join(', ') : 'they have no names: choose by @DIGEST';
  const more = there.length > SHOWN ? ', …' : '';
  return new MilleError(
    'image-missing',
    `it holds ${all.length} images, and it was not said which is meant`,
    {
      hint: `write the name behind the path, as in PATH:NAME: ${names}${more}`,
    },
  );
}
