// The error of a here-document that the file ends in: where it was announced, and what in its body was perhaps meant to
// end it.

import { MilleError, positionAt, type SourceText, type Span, shorten } from '../../core/index.ts';
import { skipSpace, trimSpace } from './characters.ts';
import { lineAt } from './lines.ts';
import { type LogicalLine, sourceSpan } from './logical-line.ts';
import type { Heredoc } from './tree.ts';

/** The error of a here-document without its last line. */
export function unfinishedHeredoc({ name, chomp, contentSpan }: Heredoc, line: LogicalLine): MilleError {
  const near = nearTerminator(contentSpan, name);
  const shown = shorten(name);
  const hint = near
    ? `line ${near.line} holds ${shown} with white space ${near.where}: ${advice(near.where, chomp)}`
    : `end it with a line that holds only ${shown}`;
  return new MilleError('dockerfile-syntax', `the here-document ${shown} is not ended`, {
    hint,
    span: announcement(line, name),
  });
}

function advice(where: string, chomp: boolean): string {
  if (where.includes('behind')) return 'remove it';
  return chomp ? 'with <<- there may be tabs only' : 'remove it, or write <<- and use tabs only';
}

/** The first line that would end it but for white space around the name. */
function nearTerminator(
  { source, start, end }: Span,
  name: string,
): { readonly line: number; readonly where: string } | undefined {
  for (let at = start; at < end; ) {
    const line = lineAt(source.text, at);
    if (isNear(source, line, name)) {
      const before = skipSpace(source.text, line.start, line.contentEnd) > line.start;
      const behind = !source.text.slice(line.start, line.contentEnd).endsWith(name);
      const where = before && behind ? 'before and behind it' : before ? 'before it' : 'behind it';
      return { line: positionAt(source, line.start).line, where };
    }
    at = line.end;
  }
  return undefined;
}

function isNear({ text }: SourceText, line: { start: number; contentEnd: number }, name: string): boolean {
  const start = skipSpace(text, line.start, line.contentEnd);
  return text.startsWith(name, start) && trimSpace(text.slice(start, line.contentEnd)) === trimSpace(name);
}

/** Where the line announces the name: the `<<` that is followed by it, quotes and escapes apart; else all of it. */
function announcement(line: LogicalLine, name: string): Span {
  const words = /<<-?[\t\f\r ]*(\S+)/g;
  for (const match of line.text.matchAll(words)) {
    if ((match[1] as string).replace(/["'\\]/g, '') === name) {
      return sourceSpan(line, match.index, match.index + match[0].length);
    }
  }
  return sourceSpan(line, 0, line.text.length);
}
