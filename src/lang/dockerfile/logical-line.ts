// An instruction may stand on several lines, joined by the escape character, with comments between them. Its
// parser sees one joined line; this file keeps, for every offset in that line, the place in the source it came
// from, so that an error or a rewrite of one word points to the right characters.

import type { SourceText, Span } from '../../core/index.ts';
import type { Word } from './tree.ts';

/** A joined line. Piece `i` of `text` starts at `starts[i]` and was read at `offsets[i]` of the source. */
export interface LogicalLine {
  readonly source: SourceText;
  readonly text: string;
  readonly starts: readonly number[];
  readonly offsets: readonly number[];
}

/** The source offset of the character at `at` of the joined line; `at` may be its length. */
export function sourceOffset(line: LogicalLine, at: number): number {
  let low = 0;
  let high = line.starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((line.starts[middle] as number) <= at) low = middle;
    else high = middle - 1;
  }
  return (line.offsets[low] ?? 0) + at - (line.starts[low] ?? 0);
}

/** The source range of `[start, end)` of the joined line. It includes whatever was written in between. */
export function sourceSpan(line: LogicalLine, start: number, end: number): Span {
  const from = sourceOffset(line, start);
  // The end is that of the last character, not the start of the next, which may be lines below.
  const to = end > start ? sourceOffset(line, end - 1) + 1 : from;
  return { source: line.source, start: from, end: to };
}

/** The word `[start, end)` of the joined line; `text` where what is read differs from what is written. */
export function wordAt(
  line: LogicalLine,
  range: { readonly start: number; readonly end: number },
  text = line.text.slice(range.start, range.end),
): Word {
  return { text, span: sourceSpan(line, range.start, range.end) };
}
