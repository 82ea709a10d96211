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

/** Where the lines of a source begin, kept while the source is: a file with many findings is read once. */
const lineStarts = new WeakMap<SourceText, readonly number[]>();

function startsOf(source: SourceText): readonly number[] {
  const known = lineStarts.get(source);
  if (known) return known;
  const starts = [0];
  for (let at = source.text.indexOf('\n'); at !== -1; at = source.text.indexOf('\n', at + 1)) {
    starts.push(at + 1);
  }
  lineStarts.set(source, starts);
  return starts;
}

/** Line and column of an offset. Only `\n` ends a line, so that CRLF files count as editors do. */
export function positionAt(source: SourceText, offset: number): Position {
  const starts = startsOf(source);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] as number) + 1 };
}

/** The text of a line, from 1, without its end; '' for one that is not there. */
export function lineText(source: SourceText, line: number): string {
  const starts = startsOf(source);
  const start = starts[line - 1];
  if (start === undefined) return '';
  const next = starts[line];
  return source.text.slice(start, next === undefined ? source.text.length : next - 1).replace(/\r$/, '');
}

/** `name:line:column` of a span's start, the form that editors make clickable. */
export function formatPlace(span: Span): string {
  const { line, column } = positionAt(span.source, span.start);
  return `${span.source.name}:${line}:${column}`;
}
