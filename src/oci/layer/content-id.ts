import type { Digest } from '../../core/index.ts';
import type { TableOfContents } from '../image/index.ts';
/** The digest of what a layer holds, independent of order, of times, and of which name of a file is the link. */
export function contentId(_toc: TableOfContents): Digest {
  throw new Error('not written yet');
}
