// What a layer will be known as, told from its entries alone: nothing is written, and no content is read.

import type { Digest } from '../../core/index.ts';
import { sha256 } from '../../sys/index.ts';
import type { Entry, TableOfContents } from '../image/index.ts';
import { contentId } from './content-id.ts';
import { normal } from './write.ts';

const EMPTY = sha256('');

/**
 * The table of contents and the content id that `writeLayer` would come to, its digests trusted; undefined where the
 * digest of a file is not known.
 */
export function foreseeLayer(
  entries: readonly Entry[],
  { clampTime }: { readonly clampTime?: number } = {},
): { readonly contentId: Digest; readonly toc: TableOfContents } | undefined {
  const listed: Entry[] = [];
  for (const given of entries) {
    const entry = normal(given, clampTime);
    const digest = entry.digest ?? (entry.size === 0 ? EMPTY : undefined);
    if (entry.type !== 'file') listed.push(entry);
    else if (digest === undefined) return undefined;
    else listed.push({ ...entry, digest });
  }
  const toc = { entries: listed };
  return { contentId: contentId(toc), toc };
}
