// What is said of caches that travelled.

import type { ExportedCache, ImportedCache } from '../../app/index.ts';
import { formatSize } from './size.ts';

/** What `mille cache export` prints. */
export function renderExportedCache({ records, layers, size, sent }: ExportedCache): string {
  const fresh = sent === size ? '' : `, ${formatSize(sent)} of it new`;
  return `Exported: ${count(records, 'step')}, ${count(layers, 'layer')}, ${formatSize(size)}${fresh}\n`;
}

/** What `mille cache import` prints. */
export function renderImportedCache({ records, layers, bytes }: ImportedCache): string {
  if (records === 0) return 'Imported: nothing that was not known\n';
  return `Imported: ${count(records, 'step')}, ${count(layers, 'layer')} (${formatSize(bytes)}) that were not here\n`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
