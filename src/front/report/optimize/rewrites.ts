// The list of rewrites.

import type { RewriteRow } from '../../../app/index.ts';
import { renderTable } from '../table.ts';

/** What `mille optimize --list` prints. */
export function renderRewrites(rewrites: readonly RewriteRow[]): string {
  return renderTable(
    ['REWRITE', 'FOR', 'WHAT IT DOES'],
    rewrites.map(({ name, goal, summary }) => [name, goal, summary]),
  );
}

/** The same as JSON. */
export function rewritesJson(rewrites: readonly RewriteRow[]): string {
  return `${JSON.stringify(rewrites, undefined, 2)}\n`;
}
