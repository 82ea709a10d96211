// The lines of a source that a span covers, with numbers, a mark, and carets under what is meant. They are read in logs: what
// looks like a secret in them is not shown.

import { lineText, maskSecrets, positionAt, type Span } from '../../core/index.ts';
import { sanitizeLine } from './sanitize.ts';
import type { Style } from './style.ts';
import { cutText, textWidth } from './width.ts';

/** Lines before the span's first that are shown. */
const CONTEXT = 2;
/** Lines of a span that are shown at most. */
const MOST = 6;

/**
 * The excerpt's lines. A span within one line is underlined; of a longer one each line is marked, and the middle
 * is left out when it is long.
 */
export function renderExcerpt(span: Span, style: Style, columns = 110): string[] {
  const { source } = span;
  const start = positionAt(source, span.start);
  const end = positionAt(source, Math.max(span.start, span.end - 1));
  const last = Math.min(end.line, start.line + MOST - 1);
  const gutter = String(last).length;
  const out: string[] = [];
  const show = (number: number, marked: boolean) => {
    const text = cutText(sanitizeLine(maskSecrets(lineText(source, number))), columns - gutter - 5);
    const mark = marked ? style.bad('>') : ' ';
    out.push(`${mark} ${String(number).padStart(gutter)} | ${text}`.trimEnd());
  };
  for (let number = Math.max(1, start.line - CONTEXT); number < start.line; number++) show(number, false);
  for (let number = start.line; number <= last; number++) show(number, true);
  if (end.line > last) out.push(`  ${' '.repeat(gutter)} | … ${end.line - last} more lines`);
  if (start.line === end.line) {
    const line = lineText(source, start.line);
    const before = textWidth(sanitizeLine(line.slice(0, start.column - 1)));
    const meant = textWidth(sanitizeLine(line.slice(start.column - 1, end.column)));
    const room = columns - gutter - 5 - before;
    if (room > 0) {
      const carets = '^'.repeat(Math.max(1, Math.min(meant, room)));
      out.push(`  ${' '.repeat(gutter)} | ${' '.repeat(before)}${style.bad(carets)}`);
    }
  }
  return out;
}
