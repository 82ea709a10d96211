// Fixes that several rules make.

import type { Fix, TextEdit } from '../../core/index.ts';
import type { Word } from '../../lang/dockerfile/index.ts';

/** Whether a word stands in the source as it is read: no line is joined inside it, no quote or escape was removed. */
export function isPlain({ text, span }: Word): boolean {
  return span.source.text.slice(span.start, span.end) === text;
}

/** A fix that writes another word in the place of one; none where the place is not exact. */
export function rewrite(word: Word, text: string): { readonly fix?: Fix } {
  if (!isPlain(word)) return {};
  const { start, end } = word.span;
  return { fix: { title: `write ${text}`, edits: [{ start, end, text }] } };
}

/** A fix that keeps what the image does. */
export function safeFix(title: string, edits: readonly TextEdit[]): Fix {
  return { title, edits };
}

/** A fix that is most likely meant, but that somebody should look at. */
export function unsafeFix(title: string, edits: readonly TextEdit[]): Fix {
  return { title, edits, fixClass: 'unsafe' };
}
