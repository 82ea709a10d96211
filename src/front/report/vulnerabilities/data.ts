// What is held of vulnerabilities, and what an update did.

import type { HeldData, HeldDatabase, UpdateEvent } from '../../../app/index.ts';
import { oneLine } from '../sanitize.ts';
import { formatSize } from '../size.ts';
import { renderTable } from '../table.ts';
import { ageText } from './text.ts';

/** What `mille vuln ls` prints. */
export function renderVulnerabilityData(held: readonly HeldDatabase[], now: number): string {
  if (held.length === 0)
    return 'No data is held. Fetch some: mille vuln update Debian PyPI, or --for IMAGE\n';
  const rows = held.map(({ ecosystem, records, asOf, bytes, from }) => [
    oneLine(ecosystem),
    String(records),
    formatSize(bytes),
    asOf === undefined ? '-' : ageText(asOf, now),
    oneLine(from),
  ]);
  return renderTable(['ECOSYSTEM', 'RECORDS', 'SIZE', 'DATA OF', 'FROM'], rows);
}

/** A line for what was done; undefined for what is only under way. */
export function updateText(event: UpdateEvent, now: number): string | undefined {
  if (event.kind === 'fetching') return undefined;
  const { ecosystem, held } = event;
  const notes = event.kind === 'updated' ? event.notes.map((note) => `note: ${oneLine(note)}\n`) : [];
  const state = event.kind === 'updated' ? heldText(held, now) : `nothing new (${heldText(held, now)})`;
  return [`${oneLine(ecosystem)}: ${state}\n`, ...notes].join('');
}

function heldText({ records, asOf }: HeldData, now: number): string {
  return `${records} ${records === 1 ? 'record' : 'records'}${asOf === undefined ? '' : `, data of ${ageText(asOf, now)}`}`;
}

/** How far a fetch has come. */
export function fetchingText(event: UpdateEvent & { readonly kind: 'fetching' }): string {
  const { ecosystem, done, total } = event;
  return `${oneLine(ecosystem)}: ${formatSize(done)}${total === undefined ? '' : ` of ${formatSize(total)}`}`;
}
