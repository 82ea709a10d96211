// A place in a text the user wrote: offsets into the source, from which lines and columns are computed.

/** A named text, for instance a Dockerfile. `name` is what messages show. */
export interface SourceText {
  readonly name: string;
  readonly text: string;
}

/** A range of a source: UTF-16 offsets, `end` exclusive. */
export interface Span {
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
}

/** A place as people count: both from 1; the column in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Line and column of an offset. Only `\n` ends a line, so that CRLF files count as editors do. */
export function positionAt(source: SourceText, offset: number): Position {
  let line = 1;
  let lineStart = 0;
  for (let at = source.text.indexOf('\n'); at !== -1 && at < offset; at = source.text.indexOf('\n', at + 1)) {
    line++;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1 };
}

/** `name:line:column` of a span's start, the form that editors make clickable. */
export function formatPlace(span: Span): string {
  const { line, column } = positionAt(span.source, span.start);
  return `${span.source.name}:${line}:${column}`;
}
