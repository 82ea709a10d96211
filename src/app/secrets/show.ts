// Instructions as they may be shown: what was found in them is masked, and what only sounds secret as well.

import { hideSecrets, redactUrls } from '../../core/index.ts';
import type { FoundSecret } from '../../secrets/index.ts';

/** An instruction on one line, without the values of build arguments before it, and without what was found in it. */
export function showInstruction(text: string, found: readonly FoundSecret[]): string {
  let shown = '';
  let at = 0;
  for (const { offset, length } of [...found].sort((a, b) => a.offset - b.offset)) {
    if (offset < at || length === 0) continue;
    shown += `${text.slice(at, offset)}***`;
    at = offset + length;
  }
  shown += text.slice(at);
  return hideSecrets(redactUrls(shown))
    .replace(/^(RUN )?\|\d+ .*? (?=\/bin\/(?:ba|a)?sh -)/s, '$1')
    .replace(/\/bin\/sh -c (?:#\(nop\)\s*)?/, '')
    .replace(/\s+# (?:buildkit|millefeuille)$/, '')
    .replace(/\s+/g, ' ')
    .trim();
}
