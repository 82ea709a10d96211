// What `mille optimize` came to, for people and for programs.

import type { OptimizeChange, OptimizeResult } from '../../../app/index.ts';
import { formatSize } from '../size.ts';
import { makeStyle } from '../style.ts';
import { formatSeconds } from '../time.ts';
import { unifiedDiff } from '../unified-diff.ts';

/** As text. */
export function renderOptimized(result: OptimizeResult, { color }: { readonly color: boolean }): string {
  const style = makeStyle(color);
  const { changes, files, before, after, notes } = result;
  const made = changes.filter(({ outcome }) => outcome !== 'refused');
  const refused = changes.filter(({ outcome }) => outcome === 'refused');
  const lines: string[] = [];
  for (const one of files) {
    const [before, after] = [one.before ?? '', one.after].map((text) => ({ name: one.name, text }));
    lines.push(unifiedDiff(before!, after!, style));
  }
  for (const one of made) lines.push(changeText(one));
  if (made.length === 0) lines.push('nothing to propose\n');
  for (const one of refused) lines.push(`refused: ${changeText(one)}`);
  if (before && after) {
    lines.push(
      `${formatSize(before.bytes)} → ${formatSize(after.bytes)}, from nothing ${formatSeconds(before.seconds)} → ${formatSeconds(after.seconds)}\n`,
    );
  }
  for (const note of notes) lines.push(`note: ${note}\n`);
  return lines.join('');
}

function changeText({ rewrite, title, reason, refusal }: OptimizeChange): string {
  const why = refusal?.failure ?? refusal?.verdict?.files.map(({ path }) => path).join(', ');
  return `${rewrite}: ${title}\n    ${reason}\n${why === undefined ? '' : `    ${why}\n`}`;
}

/** As JSON. */
export function optimizeJson(result: OptimizeResult): string {
  return `${JSON.stringify(result, null, 2)}\n`;
}
