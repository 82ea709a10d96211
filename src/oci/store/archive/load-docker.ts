// Docker archives: `manifest.json` lists configs, names and layers by path (Docker's image spec v1.2). There is no
// OCI manifest in them, so one is made; the same archive always gives the same.

import { type Digest, displayPath, isDigest, LIMITS, MilleError } from '../../../core/index.ts';
import { canonicalName, type Descriptor, MEDIA, parseConfig, parseReference } from '../../image/index.ts';
import { mismatch } from '../blobs.ts';
import type { Incoming, IncomingImage } from './incoming.ts';
import { type ArchiveSource, readDocument } from './source.ts';

/** An entry of `manifest.json`. */
export interface DockerEntry {
  readonly config: string;
  readonly names: readonly string[];
  readonly layers: readonly string[];
}

/** Reads `manifest.json`; its names are canonical. @throws MilleError `image-invalid`, `archive-escape` */
export async function readDockerManifest(source: ArchiveSource): Promise<DockerEntry[]> {
  const { bytes } = await readDocument(source, 'manifest.json', LIMITS.manifest);
  const list = parseJson(bytes);
  if (!Array.isArray(list)) throw invalid('it is not a list');
  return list.map((item, i) => {
    const { Config, RepoTags, Layers } = (item ?? {}) as Record<string, unknown>;
    if (typeof Config !== 'string') throw invalid(`image ${i + 1} names no config`);
    const layers = strings(Layers ?? [], `the layers of image ${i + 1}`);
    const tags = strings(RepoTags ?? [], `the names of image ${i + 1}`);
    return {
      config: memberPath(Config),
      names: tags.map((tag) => canonicalName(parseReference(tag))),
      layers: layers.map(memberPath),
    };
  });
}

/** The config of an image, checked. @throws MilleError `digest-mismatch`, `image-invalid` */
export async function readDockerConfig(source: ArchiveSource, entry: DockerEntry) {
  const { bytes, digest } = await readDocument(source, entry.config, LIMITS.manifest);
  const promised = configDigest(entry);
  if (promised !== undefined && promised !== digest) throw mismatch(`'${entry.config}'`, promised, digest);
  const config = parseConfig(new TextDecoder().decode(bytes));
  const { length } = config.rootfs.diff_ids;
  if (length !== entry.layers.length)
    throw invalid(`an image has ${entry.layers.length} layers, its config ${length}`);
  return { bytes, digest, config };
}

/** The digest that the name of a config promises, if it is one: `blobs/sha256/HEX`, `HEX.json`. */
export function configDigest({ config }: DockerEntry): Digest | undefined {
  const promised = `sha256:${config.slice(config.lastIndexOf('/') + 1).replace(/\.json$/, '')}`;
  return isDigest(promised) ? promised : undefined;
}

/** Takes in one image of a Docker archive. */
export async function takeDockerImage(
  source: ArchiveSource,
  entry: DockerEntry,
  incoming: Incoming,
): Promise<IncomingImage> {
  const { bytes, digest, config } = await readDockerConfig(source, entry);
  const diffIds = config.rootfs.diff_ids;
  const layers: Descriptor[] = [];
  for (const [i, diffId] of diffIds.entries()) {
    layers.push(await incoming.takeLayer({ path: entry.layers[i]!, diffId }));
  }
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: MEDIA.manifest,
    config: { mediaType: MEDIA.config, digest, size: bytes.length },
    layers: layers.map(({ mediaType, digest: layer, size }) => ({ mediaType, digest: layer, size })),
  });
  return { manifest, config: bytes };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw invalid('it is not JSON');
  }
}

function strings(value: unknown, what: string): string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw invalid(`${what} are no list of texts`);
}

function memberPath(path: string): string {
  if (path.split('/').includes('..')) {
    throw new MilleError(
      'archive-escape',
      `the archive's manifest.json names a file outside: '${displayPath(path)}'`,
    );
  }
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

function invalid(why: string): MilleError {
  return new MilleError('image-invalid', `the archive's manifest.json is malformed: ${why}`, {
    hint: 'the archive is damaged, or was not written by `docker save` or the like',
  });
}
