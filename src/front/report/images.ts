// The list of images: Docker's table, Docker's JSON lines (with a few fields of our own behind), or ids only.

import type {
  ImageRow,
  LoadedImage,
  PullAllResult,
  PullResult,
  PushResult,
  RmiEvent,
} from '../../app/index.ts';
import { shortDigest } from '../../core/index.ts';
import { type Damage, renderDamage } from './damage.ts';
import { sanitizeLine } from './sanitize.ts';
import { formatSize } from './size.ts';
import { renderTable } from './table.ts';
import { formatAgeOf } from './time.ts';

export interface ListOptions {
  readonly format: 'table' | 'json';
  /** Ids only. */
  readonly quiet: boolean;
  /** Whole ids and texts. */
  readonly full: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface ImageListOptions extends ListOptions {
  /** Show the digest of the manifest as well. */
  readonly digests: boolean;
}

const NONE = '<none>';

/** What `mille images` prints. */
export function renderImages(images: readonly ImageRow[], options: ImageListOptions): string {
  const id = (row: ImageRow) => (options.full ? row.imageId : shortDigest(row.imageId));
  if (options.quiet) return images.map((row) => `${id(row)}\n`).join('');
  if (options.format === 'json') return images.map((row) => `${imageJson(row, options)}\n`).join('');
  // Where all are for the same platform nobody needs to be told.
  const platforms = new Set(images.map((row) => row.platform)).size > 1;
  const heads = [
    ...['REPOSITORY', 'TAG'],
    ...(platforms ? ['PLATFORM'] : []),
    ...(options.digests ? ['DIGEST'] : []),
    ...['IMAGE ID', 'CREATED', 'SIZE'],
  ];
  const rows = images.map((row) => [
    sanitizeLine(row.repository ?? NONE),
    sanitizeLine(row.tag ?? NONE),
    ...(platforms ? [sanitizeLine(row.platform)] : []),
    ...(options.digests ? [row.digest ?? row.manifest] : []),
    id(row),
    row.damage === undefined ? formatAgeOf(row.created, options.now) : 'damaged',
    sizeOf(row),
  ]);
  return renderTable(heads, rows);
}

/** What is not here yet is said. */
function sizeOf({ bytes, distant }: ImageRow): string {
  const size = formatSize(bytes);
  return distant ? `${size} (${formatSize(distant.bytes)} of it not here)` : size;
}

/** A line about each image that is damaged, whatever the format of the list. */
export function renderDamagedRows(images: readonly ImageRow[]): string {
  const names = new Map<string, Damage & { readonly names: string[] }>();
  for (const { manifest, imageId, damage, repository, tag } of images) {
    if (damage === undefined) continue;
    const known = names.get(manifest) ?? { imageId, damage, names: [] };
    if (repository !== undefined) known.names.push(tag === undefined ? repository : `${repository}:${tag}`);
    names.set(manifest, known);
  }
  return [...names.values()].map((one) => `warning: ${renderDamage(one)}\n`).join('');
}

function imageJson(row: ImageRow, options: ListOptions): string {
  return JSON.stringify({
    ID: options.full ? row.imageId : shortDigest(row.imageId),
    Repository: row.repository ?? NONE,
    Tag: row.tag ?? NONE,
    Digest: row.digest ?? row.manifest,
    ...(row.digest === undefined ? {} : { Manifest: row.manifest }),
    CreatedAt: row.created ?? '',
    CreatedSince: formatAgeOf(row.created, options.now),
    Size: formatSize(row.bytes),
    Bytes: row.bytes,
    Layers: row.layers,
    Platform: row.platform,
    ...(row.distant ? { DistantLayers: row.distant.layers, DistantBytes: row.distant.bytes } : {}),
    ...(row.damage === undefined ? {} : { Damage: row.damage }),
  });
}

/** What `mille rmi` prints, in Docker's words. */
export function renderRemoved(events: readonly RmiEvent[]): string {
  const line = (event: RmiEvent) =>
    event.type === 'untagged' ? `Untagged: ${event.name}\n` : `Deleted: ${event.imageId}\n`;
  return events.map(line).join('');
}

/** What `mille pull` prints, in Docker's words. */
export function renderPulled({ name, whole, digest, fresh }: PullResult): string {
  const shown = sanitizeLine(name);
  const status = fresh ? `Downloaded newer image for ${shown}` : `Image is up to date for ${shown}`;
  return `Digest: ${digest}\nStatus: ${status}\n${sanitizeLine(whole)}\n`;
}

/** What `mille pull --all-tags` prints: a line for each tag, and the rest in Docker's words. */
export function renderPulledAll(
  { name, repository, pulled }: PullAllResult,
  { quiet }: { readonly quiet: boolean },
): string {
  if (quiet) return pulled.map(({ whole }) => `${sanitizeLine(whole)}\n`).join('');
  const tagOf = (image: PullResult) => sanitizeLine(image.whole.slice(repository.length + 1));
  const lines = pulled.map((image) => `${tagOf(image)}: digest: ${image.digest}\n`);
  const shown = sanitizeLine(name);
  const fresh = pulled.some((image) => image.fresh);
  const status = fresh ? `Downloaded newer image for ${shown}` : `Image is up to date for ${shown}`;
  return `${lines.join('')}Status: ${status}\n${sanitizeLine(repository)}\n`;
}

/** What `mille push` prints, in Docker's words. */
export function renderPushed(
  { repository, pushed }: PushResult,
  { quiet }: { readonly quiet: boolean },
): string {
  const whole = sanitizeLine(repository);
  if (quiet) return pushed.map(({ tag }) => `${whole}:${sanitizeLine(tag)}\n`).join('');
  const lines = pushed.map(
    ({ tag, digest, size }) => `${sanitizeLine(tag)}: digest: ${digest} size: ${size}\n`,
  );
  return `The push refers to repository [${whole}]\n${lines.join('')}`;
}

/** What `mille load` prints, in Docker's words. */
export function renderLoaded(images: readonly LoadedImage[]): string {
  return images
    .flatMap(({ names, imageId }) =>
      names.length > 0
        ? names.map((name) => `Loaded image: ${sanitizeLine(name)}\n`)
        : [`Loaded image ID: ${imageId}\n`],
    )
    .join('');
}
