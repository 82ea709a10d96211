// Cache mounts: a table, JSON, or one in full.

import type { CacheMount, ClearedMounts, ImportedMounts } from '../../app/index.ts';
import { shortDigest } from '../../core/index.ts';
import { oneLine, sanitizeLine } from './sanitize.ts';
import { formatSize } from './size.ts';
import { renderTable } from './table.ts';
import { formatAge } from './time.ts';
import { padText } from './width.ts';

export interface CacheListOptions {
  readonly format: 'table' | 'json';
  /** Ids only. */
  readonly quiet: boolean;
  /** Whole ids and texts. */
  readonly full: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What `mille cache ls` prints. */
export function renderCacheMounts(mounts: readonly CacheMount[], options: CacheListOptions): string {
  const id = (mount: CacheMount) => (options.full ? mount.id : shortDigest(mount.id));
  if (options.quiet) return mounts.map((mount) => `${id(mount)}\n`).join('');
  if (options.format === 'json')
    return mounts.map((mount) => `${JSON.stringify(document(mount))}\n`).join('');
  const rows = mounts.map((mount) => [
    id(mount),
    clip(mount.name, options),
    formatSize(mount.bytes),
    String(mount.files),
    mount.inUse ? 'in use now' : formatAge(mount.lastUsed, options.now),
    clip(user(mount), options),
  ]);
  return renderTable(['CACHE ID', 'NAME', 'SIZE', 'FILES', 'LAST USED', 'USED BY'], rows);
}

const WIDEST = 60;

function clip(text: string, { full }: CacheListOptions): string {
  const line = sanitizeLine(oneLine(text));
  return full || line.length <= WIDEST ? line : `${line.slice(0, WIDEST - 1)}…`;
}

function user({ users }: CacheMount): string {
  const latest = users[0];
  if (!latest) return 'unknown';
  return latest.dockerfile === undefined ? latest.step : `${latest.dockerfile}: ${latest.step}`;
}

/** What `mille cache inspect` prints: indented JSON, JSON on one line, or facts. */
export function renderCacheInspect(
  mounts: readonly CacheMount[],
  options: { readonly format: 'indented' | 'json' | 'table'; readonly now: number },
): string {
  if (options.format === 'table') return mounts.map((mount) => facts(mount, options.now)).join('\n');
  const indent = options.format === 'indented' ? 4 : undefined;
  return `${JSON.stringify(mounts.map(document), undefined, indent)}\n`;
}

function document(mount: CacheMount): Readonly<Record<string, unknown>> {
  const { begins, users } = mount;
  return {
    Id: mount.id,
    Name: mount.name,
    Directory: mount.directory,
    Begins:
      'path' in begins
        ? { Content: begins.content, Path: begins.path }
        : { Mode: begins.mode.toString(8).padStart(4, '0'), Uid: begins.uid, Gid: begins.gid },
    Bytes: mount.bytes,
    Size: formatSize(mount.bytes),
    Files: mount.files,
    Copies: mount.copies,
    LastUsed: new Date(mount.lastUsed).toISOString(),
    InUse: mount.inUse,
    UsedBy: users.map(({ dockerfile, context, step, used }) => ({
      ...(dockerfile === undefined ? {} : { Dockerfile: dockerfile }),
      ...(context === undefined ? {} : { Context: context }),
      Step: step,
      Used: new Date(used).toISOString(),
    })),
  };
}

function facts(mount: CacheMount, now: number): string {
  const { begins } = mount;
  const mode = 'path' in begins ? '' : begins.mode.toString(8).padStart(4, '0');
  const rows: [string, string][] = [
    ['Id', mount.id],
    ['Name', mount.name],
    ['Directory', mount.directory],
    [
      'Begins with',
      'path' in begins
        ? `/${begins.path} of ${begins.content === '' ? 'nothing' : begins.content}`
        : `an empty directory, mode ${mode}, owner ${begins.uid}:${begins.gid}`,
    ],
    ['Size', `${formatSize(mount.bytes)} in ${mount.files} files`],
    ...(mount.copies > 1 ? [['Copies', String(mount.copies)] as [string, string]] : []),
    ['Last used', mount.inUse ? 'in use now' : formatAge(mount.lastUsed, now)],
    ...mount.users.map(({ dockerfile, step, used }, i): [string, string] => [
      i === 0 ? 'Used by' : '',
      `${dockerfile === undefined ? '' : `${dockerfile}: `}${oneLine(step)}, ${formatAge(used, now)}`,
    ]),
  ];
  return rows.map(([name, value]) => `${padText(name && `${name}:`, 14)}${sanitizeLine(value)}\n`).join('');
}

/** What `mille cache clear` prints. */
export function renderCleared({ cleared }: ClearedMounts): string {
  const lines = cleared.map(({ name, bytes }) => `Cleared: ${sanitizeLine(name)} (${formatSize(bytes)})\n`);
  const total = cleared.reduce((sum, { bytes }) => sum + bytes, 0);
  return `${lines.join('')}Total reclaimed space: ${formatSize(total)}\n`;
}

/** What `mille cache import` prints. */
export function renderImported({ mounts }: ImportedMounts): string {
  return mounts
    .map(({ name, files, bytes, replaced }) => {
      const what = `${sanitizeLine(name)} (${formatSize(bytes)} in ${files} files)`;
      return `Imported: ${what}${replaced ? ', in place of what was there' : ''}\n`;
    })
    .join('');
}
