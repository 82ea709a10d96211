// What was removed, and why what stays stays.

import type { DiskKind, PruneItem, PruneReport, StayReason } from '../../app/index.ts';
import { oneLine } from './sanitize.ts';
import { formatSize } from './size.ts';
import { formatAge } from './time.ts';

export interface PrunedOptions {
  readonly format: 'table' | 'json';
  /** Each single thing. */
  readonly verbose: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const NAMES: Readonly<Record<DiskKind, readonly [one: string, several: string]>> = {
  image: ['image', 'images'],
  record: ['cache record', 'cache records'],
  unpacked: ['unpacked layer', 'unpacked layers'],
  mount: ['cache mount', 'cache mounts'],
  source: ['fetched source', 'fetched sources'],
  log: ['build log', 'build logs'],
  temporary: ['leftover', 'leftovers'],
};

const REASONS: Readonly<Record<Exclude<StayReason, 'not-asked'>, string>> = {
  'in-use': 'used by a build or a container just now',
  named: 'with a name (--all removes them as well)',
  recent: 'used more recently',
  'within-limit': 'within what is to be kept',
  shared: 'whose layers an image needs (--all removes them as well)',
};

/** What `mille prune` prints. */
export function renderPruned(report: PruneReport, options: PrunedOptions): string {
  if (options.format === 'json') return `${JSON.stringify(document(report))}\n`;
  const { removed, dryRun, reclaimed, limit } = report;
  const lines: string[] = [];
  if (removed.length > 0) {
    lines.push(dryRun ? 'Would be removed:' : 'Removed:', ...groups(removed, options));
  }
  const stays = Object.entries(REASONS).flatMap(([reason, words]) => {
    const own = report.stays.filter((item) => item.reason === reason);
    return groups(own, options, `, ${words}`);
  });
  if (stays.length > 0) lines.push('Stays:', ...stays);
  if (limit && limit.left > limit.bytes) {
    lines.push(
      `${formatSize(limit.left)} stay, more than the ${formatSize(limit.bytes)} that were to be kept.`,
    );
  }
  lines.push(`Total ${dryRun ? 'reclaimable' : 'reclaimed'} space: ${formatSize(reclaimed)}`);
  return `${lines.join('\n')}\n`;
}

/** One line a kind, or one line a thing. */
function groups(items: readonly PruneItem[], { verbose, now }: PrunedOptions, words = ''): string[] {
  return (Object.keys(NAMES) as DiskKind[]).flatMap((kind) => {
    const own = items.filter((item) => item.kind === kind);
    if (own.length === 0) return [];
    const bytes = own.reduce((sum, item) => sum + item.bytes, 0);
    const size = bytes > 0 ? `, ${formatSize(bytes)}` : '';
    const head = `  ${own.length} ${NAMES[kind][own.length === 1 ? 0 : 1]}${size}${words}`;
    // A damaged image goes though it has a name: that is never a mere number.
    const listed = verbose ? own : own.filter(({ damage }) => damage !== undefined);
    return [head, ...listed.map((item) => `    ${describe(item, now)}`)];
  });
}

function describe({ title, bytes, lastUsed, damage }: PruneItem, now: number): string {
  if (damage !== undefined) return oneLine(`${title}, damaged: ${damage}`);
  const size = bytes > 0 ? `, ${formatSize(bytes)}` : '';
  return `${oneLine(title)}${size}${lastUsed !== 0 ? `, used ${formatAge(lastUsed, now).replace(/^[A-Z]/, (first) => first.toLowerCase())}` : ''}`;
}

function document({ dryRun, removed, stays, reclaimed, total, limit }: PruneReport) {
  const item = ({ kind, id, title, bytes, lastUsed, damage }: PruneItem) => ({
    Type: kind,
    ID: id,
    Description: title,
    Bytes: bytes,
    ...(lastUsed !== 0 ? { LastUsedAt: new Date(lastUsed).toISOString() } : {}),
    ...(damage === undefined ? {} : { Damage: damage }),
  });
  return {
    DryRun: dryRun,
    SpaceReclaimed: reclaimed,
    Total: total,
    ...(limit ? { Limit: limit.bytes, Left: limit.left } : {}),
    Removed: removed.map(item),
    Stays: stays.map((one) => ({ ...item(one), Reason: one.reason })),
  };
}
