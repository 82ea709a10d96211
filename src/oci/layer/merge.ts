import type { TableOfContents } from '../image/index.ts';
import type { MergedTree } from './types.ts';
/** Stacks tables of contents, bottom first. @throws MilleError `archive-escape` `archive-broken` */
export function mergeTables(_tables: readonly TableOfContents[]): MergedTree {
  throw new Error('not written yet');
}
