// Places and sources as BuildKit's JSON has them.

import type { LineRange } from '../../core/index.ts';

/** A range for each line. */
export function location({ first, last }: LineRange) {
  const lines = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return { ranges: lines.map((line) => ({ start: { line }, end: { line } })) };
}

/** A text as bytes of UTF-8 in base 64. */
export function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(binary);
}
