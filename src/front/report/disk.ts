// What takes the space of a store: Docker's table, its JSON, details.

import type { DiskReport, DiskUsageRow } from '../../app/index.ts';
import { renderDamage } from './damage.ts';
import { diskDetails, diskDocument } from './disk-details.ts';
import { formatSize } from './size.ts';
import { renderTable } from './table.ts';

export interface DiskOptions {
  readonly format: 'table' | 'json';
  readonly verbose: boolean;
  /** Whole ids and texts. */
  readonly full: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What each kind is called, Docker's words where it has them. */
const TYPES: Readonly<Record<DiskUsageRow['kind'], string>> = {
  image: 'Images',
  record: 'Build Cache',
  unpacked: 'Unpacked Layers',
  mount: 'Cache Mounts',
  source: 'Fetched Sources',
  log: 'Build Logs',
  temporary: 'Leftovers',
  vulnerabilities: 'Vulnerability Data',
  database: 'Database',
  other: 'Other',
};

/** What `mille df` prints. */
export function renderDisk(report: DiskReport, options: DiskOptions): string {
  if (options.format === 'json') {
    if (options.verbose) return `${JSON.stringify(diskDocument(report, options))}\n`;
    return report.rows.map((row) => `${JSON.stringify(rowDocument(row))}\n`).join('');
  }
  return options.verbose ? diskDetails(report, options) : summary(report);
}

/** A line about each image that is damaged, whatever the format. */
export function renderDamagedImages({ images }: DiskReport): string {
  return images
    .flatMap(({ names, imageId, damage }) =>
      damage === undefined ? [] : [`warning: ${renderDamage({ names, imageId, damage })}\n`],
    )
    .join('');
}

function summary(report: DiskReport): string {
  const rows = report.rows.map((row) => [
    TYPES[row.kind],
    String(row.count),
    String(row.active),
    formatSize(row.bytes),
    reclaimable(row),
  ]);
  const total = ['Total', '', '', formatSize(report.total), withShare(report.reclaimable, report.total)];
  const table = renderTable(['TYPE', 'TOTAL', 'ACTIVE', 'SIZE', 'RECLAIMABLE'], [...rows, total]);
  return `${table}\n${notes(report).join('\n')}\n`;
}

function reclaimable({ reclaimable: bytes, bytes: size }: DiskUsageRow): string {
  return withShare(bytes, size);
}

function withShare(bytes: number, of: number): string {
  // Going may free things of other kinds as well: no more than all of it is said to go.
  return of === 0
    ? formatSize(bytes)
    : `${formatSize(bytes)} (${Math.min(100, Math.floor((100 * bytes) / of))}%)`;
}

function notes(report: DiskReport): string[] {
  const { twice, repeated, free, limit, total, root, reclaimable: some, reclaimableAll: all } = report;
  const layers = (count: number) => (count === 1 ? '1 layer' : `${count} layers`);
  return [
    `In ${root}, on a file system with ${formatSize(free)} free.`,
    ...(limit === undefined
      ? []
      : [
          `It may take ${formatSize(limit)} (maxStore): ${Math.floor((100 * total) / Math.max(1, limit))}% of that.`,
        ]),
    ...(twice.layers === 0
      ? []
      : [
          `On disk twice, as blob and unpacked for RUN: ${layers(twice.layers)}, ${formatSize(twice.bytes)}. They are unpacked again when needed.`,
        ]),
    ...(repeated.layers === 0
      ? []
      : [
          `Unpacked more than once, on different layers: ${layers(repeated.layers)}, ${formatSize(repeated.bytes)} more.`,
        ]),
    ...(all > 0 ? [`'mille prune' frees ${formatSize(some)}, 'mille prune --all' ${formatSize(all)}.`] : []),
  ];
}

function rowDocument(row: DiskUsageRow): Readonly<Record<string, unknown>> {
  return {
    Type: TYPES[row.kind],
    TotalCount: String(row.count),
    Active: String(row.active),
    Size: formatSize(row.bytes),
    Reclaimable: reclaimable(row),
    Bytes: row.bytes,
    ReclaimableBytes: row.reclaimable,
  };
}
