// What takes the space of a store, thing by thing.

import type { DiskImage, DiskNamed, DiskRecord, DiskReport, DiskUnpacked } from '../../app/index.ts';
import { type Digest, shortDigest } from '../../core/index.ts';
import { oneLine } from './sanitize.ts';
import { formatSize } from './size.ts';
import { renderTable } from './table.ts';
import { formatAge, formatAgeOf, formatSeconds } from './time.ts';

interface DetailOptions {
  readonly full: boolean;
  readonly now: number;
}

const NONE = '<none>';
const WIDEST = 50;

/** What `mille df -v` prints. */
export function diskDetails(report: DiskReport, options: DetailOptions): string {
  const kinds: readonly [string, readonly DiskNamed['kind'][]][] = [
    ['Cache mounts', ['mount']],
    ['Fetched sources', ['source']],
    ['Build logs', ['log']],
    ['Leftovers of processes that ended', ['temporary']],
    ['The rest', ['database', 'other']],
  ];
  const parts = [
    ['Images', images(report.images, options)],
    ['Build cache', records(report.records, options)],
    ['Unpacked layers', unpacked(report.unpacked, options)],
    ...kinds.map(([title, own]) => {
      const chosen = report.named.filter(({ kind }) => own.includes(kind));
      return [title, named(chosen, options)];
    }),
  ].filter(([, table]) => table !== '');
  return parts.map(([title, table]) => `${title}:\n\n${table}`).join('\n');
}

function images(all: readonly DiskImage[], options: DetailOptions): string {
  const heads = [
    'NAME',
    'IMAGE ID',
    'CREATED',
    'LAST USED',
    'SIZE',
    'SHARED SIZE',
    'UNIQUE SIZE',
    'IN CACHE',
  ];
  return table(
    heads,
    all.map((image) => [
      clip(image.names.join(', ') || NONE, options),
      id(image.imageId, options),
      image.damage === undefined ? formatAgeOf(image.created, options.now) : 'damaged',
      age(image, options),
      ...[image.bytes, image.shared, image.unique, image.cached].map(formatSize),
    ]),
  );
}

function records(all: readonly DiskRecord[], options: DetailOptions): string {
  return table(
    ['CACHE ID', 'INSTRUCTION', 'CREATED', 'LAST USED', 'TOOK', 'SIZE', 'SHARED'],
    all.map((record) => [
      id(record.key, options),
      clip(record.instruction, options),
      formatAge(record.created, options.now),
      age(record, options),
      formatSeconds(record.seconds),
      formatSize(record.bytes),
      String(record.shared),
    ]),
  );
}

function unpacked(all: readonly DiskUnpacked[], options: DetailOptions): string {
  return table(
    ['LAYER', 'USED BY', 'LAST USED', 'FILES', 'SIZE', 'BLOB SIZE', 'FORMS'],
    all.map((layer) => [
      id(layer.diffId, options),
      clip(layer.images.join(', ') || 'build cache', options),
      age(layer, options),
      String(layer.files),
      formatSize(layer.bytes),
      formatSize(layer.blobBytes),
      String(layer.forms),
    ]),
  );
}

function named(all: readonly DiskNamed[], options: DetailOptions): string {
  return table(
    ['NAME', 'LAST USED', 'SIZE'],
    all.map((thing) => [clip(thing.name, options), age(thing, options), formatSize(thing.bytes)]),
  );
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? '' : renderTable(heads, rows);
}

function age({ inUse, lastUsed }: { inUse: boolean; lastUsed?: number }, { now }: DetailOptions): string {
  if (inUse) return 'in use now';
  return lastUsed === undefined ? '' : formatAge(lastUsed, now);
}

function id(digest: Digest, { full }: DetailOptions): string {
  return full ? digest : shortDigest(digest);
}

function clip(text: string, { full }: DetailOptions): string {
  const line = oneLine(text);
  return full || line.length <= WIDEST ? line : `${line.slice(0, WIDEST - 1)}…`;
}

/** The same for programs: one object, in Docker's words where it has them. */
export function diskDocument(report: DiskReport, { now }: DetailOptions): Readonly<Record<string, unknown>> {
  const time = (value: number | undefined) =>
    value === undefined ? undefined : new Date(value).toISOString();
  return {
    Images: report.images.map((image) => ({
      ID: image.imageId,
      Names: image.names,
      CreatedAt: image.created ?? '',
      CreatedSince: formatAgeOf(image.created, now),
      LastUsedAt: time(image.lastUsed),
      InUse: image.inUse,
      ...(image.damage === undefined ? {} : { Damage: image.damage }),
      ...sizes({
        Size: image.bytes,
        SharedSize: image.shared,
        UniqueSize: image.unique,
        CachedSize: image.cached,
      }),
    })),
    BuildCache: report.records.map((record) => ({
      ID: record.key,
      Description: record.instruction,
      CreatedAt: time(record.created),
      LastUsedAt: time(record.lastUsed),
      Seconds: record.seconds,
      Shared: record.shared,
      InUse: record.inUse,
      ...sizes({ Size: record.bytes }),
    })),
    UnpackedLayers: report.unpacked.map((layer) => ({
      ID: layer.diffId,
      UsedBy: layer.images,
      LastUsedAt: time(layer.lastUsed),
      Files: layer.files,
      Forms: layer.forms,
      InUse: layer.inUse,
      ...sizes({ Size: layer.bytes, BlobSize: layer.blobBytes }),
    })),
    Others: report.named.map(({ kind, name, bytes, lastUsed, inUse }) => ({
      Type: kind,
      Name: name,
      LastUsedAt: time(lastUsed),
      InUse: inUse,
      ...sizes({ Size: bytes }),
    })),
    ...sizes({ Total: report.total, Reclaimable: report.reclaimable, ReclaimableAll: report.reclaimableAll }),
    ...(report.limit === undefined ? {} : sizes({ MaxStore: report.limit })),
  };
}

/** Each size as people read it, and in bytes. */
function sizes(values: Readonly<Record<string, number>>): Readonly<Record<string, string | number>> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, bytes]) => [
      [name, formatSize(bytes)],
      [name === 'Size' ? 'Bytes' : `${name.replace(/Size$/, '')}Bytes`, bytes],
    ]),
  );
}
