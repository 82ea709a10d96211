// Whether a short text needs a closer look: loading the detector takes longer than a whole build that finds all in its
// cache.

import { isPlace, TOKEN_ANCHORS } from './anchors.ts';
import { LiteralScanner } from './literal-scanner.ts';

const scanner = new LiteralScanner(TOKEN_ANCHORS);

/** Whether a text has something in it that begins like a secret. */
export function mayHoldToken(text: string): boolean {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i) < 0x80 ? text.charCodeAt(i) : 0x20;
  let may = false;
  scanner.scan(bytes, 0, bytes.length, (anchor, at) => {
    may ||= isPlace(bytes, at, bytes.length, anchor);
  });
  return may;
}
