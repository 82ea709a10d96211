// Changing a Dockerfile's text: replacements by range, so that everything else stays as it was written.

import type { SourceText, TextEdit } from '../../core/index.ts';

/** The text with all edits made. Their ranges must not overlap; an overlap is a bug of the caller. */
export function applyEdits(source: SourceText, edits: readonly TextEdit[]): SourceText {
  const ordered = edits.map((edit, order) => ({ edit, order }));
  ordered.sort((a, b) => a.edit.start - b.edit.start || a.order - b.order);
  let text = '';
  let at = 0;
  for (const { edit } of ordered) {
    if (edit.start < at || edit.end < edit.start) throw new Error(`overlapping edits at ${edit.start}`);
    text += source.text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return { ...source, text: text + source.text.slice(at) };
}

/** The edits with the line ends of the text that they are for, where it ends all of its lines as Windows does. */
export function withLineEnds({ text }: SourceText, edits: readonly TextEdit[]): readonly TextEdit[] {
  if (!text.includes('\r\n') || /(^|[^\r])\n/.test(text)) return edits;
  return edits.map((edit) => ({ ...edit, text: edit.text.replace(/\r?\n/g, '\r\n') }));
}
