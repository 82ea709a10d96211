// What `mille copy` prints.

import type { CopyResult } from '../../app/index.ts';
import { sanitizeLine } from './sanitize.ts';
import { formatSize } from './size.ts';

/** What was copied, for people. */
export function renderCopied({ destination, digest, size, manifests, blobs, bytes }: CopyResult): string {
  const { there, mounted, copied } = blobs;
  const parts = [
    ...(copied > 0 ? [`${copied} copied (${formatSize(bytes)})`] : []),
    ...(mounted > 0 ? [`${mounted} mounted`] : []),
    ...(there > 0 ? [`${there} there already`] : []),
  ];
  const blobLine = parts.length === 0 ? 'none' : parts.join(', ');
  return [
    `${sanitizeLine(destination)}: digest: ${digest} size: ${size}`,
    `Manifests: ${manifests}; blobs: ${blobLine}`,
    '',
  ].join('\n');
}

/** The same as one line of JSON. */
export function copiedJson(result: CopyResult): string {
  return `${JSON.stringify(result)}\n`;
}
