// What `mille base update` prints: what changed, product by product.

import type { UpdatedLifeCycle, UpdateLifeCyclesResult } from '../../../app/index.ts';
import { oneLine } from '../sanitize.ts';
import { padText } from '../width.ts';

/** Changes of one product that are told of. */
const MOST = 8;

/** The table, and a sentence about all of them. */
export function renderLifeCycleUpdate({ from, products }: UpdateLifeCyclesResult): string {
  const width = Math.max(...products.map(({ title }) => title.length));
  const rows = products.map((one) => {
    const [first, ...others] = linesOf(one);
    const head = `${padText(oneLine(one.title), width)}  ${one.asOf}  `;
    return [`${head}${first}`, ...others.map((line) => `${' '.repeat(head.length)}${line}`)].join('\n');
  });
  const kept = products.filter((one) => one.kept !== undefined).length;
  const fresh = products.length - kept;
  const rest = kept === 0 ? '' : `; ${kept} stay${kept === 1 ? 's' : ''} as before`;
  return `${rows.join('\n')}\n\n${fresh} of ${products.length} products by ${oneLine(from)}${rest}.\n`;
}

function linesOf({ kept, changes }: UpdatedLifeCycle): readonly string[] {
  if (kept !== undefined) return [`kept: ${oneLine(kept)}`];
  if (changes.length === 0) return ['nothing changed'];
  const shown = changes.slice(0, MOST).map(({ cycle, text }) => `${oneLine(cycle)}: ${oneLine(text)}`);
  const more = changes.length - shown.length;
  return more > 0 ? [...shown, `and ${more} more`] : shown;
}

/** `mille base update --format json`. */
export function lifeCycleUpdateJson({ from, products }: UpdateLifeCyclesResult): string {
  const shown = products.map(({ product, title, asOf, changes, kept }) => ({
    ...{ product, title, asOf, refreshed: kept === undefined },
    ...(kept === undefined ? {} : { kept }),
    changes,
  }));
  return `${JSON.stringify({ from, products: shown })}\n`;
}
