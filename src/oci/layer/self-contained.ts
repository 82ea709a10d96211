import type { TableOfContents } from '../image/index.ts';
/** Whether every parent and every hard link's target is listed in the layer, so that its unpacked form depends on nothing else. */
export function isSelfContained(_toc: TableOfContents): boolean {
  throw new Error('not written yet');
}
