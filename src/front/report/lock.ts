// What `mille lock` prints.

import type { LockEntry, LockResult } from '../../app/index.ts';
import { positionAt } from '../../core/index.ts';
import { sanitizeLine } from './sanitize.ts';
import { renderTable } from './table.ts';

/** What was pinned, for people. @param check it was only compared */
export function renderLock(
  { file, written, entries }: LockResult,
  { check }: { readonly check: boolean },
): string {
  const shown = entries.filter(({ change }) => change !== 'same' && change !== 'kept');
  const rows = shown.map(({ change, kind, name, locked, now, span }) => [
    check && change === 'added' ? 'missing' : change,
    kind,
    sanitizeLine(name),
    locked === undefined ? '-' : short(locked),
    now === undefined ? '-' : short(now),
    span === undefined ? '' : `${sanitizeLine(span.source.name)}:${lineOf(span)}`,
  ]);
  const table =
    rows.length === 0 ? '' : renderTable(['CHANGE', 'KIND', 'NAME', 'LOCKED', 'NOW', 'PLACE'], rows);
  const names = entries.filter(({ now }) => now !== undefined).length;
  const count = `${names} ${names === 1 ? 'name' : 'names'}`;
  const stale = shown.some(({ now }) => now !== undefined);
  const said = check
    ? stale
      ? 'is not what the names mean now'
      : 'is what the names mean now'
    : written
      ? 'is written'
      : 'is as it was';
  return `${table}${sanitizeLine(file)} ${said}: ${count}\n`;
}

/** The same as one line of JSON; places are lines. */
export function lockJson({ entries, ...rest }: LockResult): string {
  const plain = entries.map(({ span, ...entry }) => ({
    ...entry,
    ...(span === undefined ? {} : { dockerfile: span.source.name, line: lineOf(span) }),
  }));
  return `${JSON.stringify({ ...rest, entries: plain })}\n`;
}

function lineOf({ source, start }: NonNullable<LockEntry['span']>): number {
  return positionAt(source, start).line;
}

/** Digests and commits as people tell them apart. */
function short(id: string): string {
  return id.startsWith('sha256:') ? id.slice(0, 19) : id.slice(0, 12);
}
