// The directives that are asked for before a file is parsed. They are looked for in the raw text, a little otherwise
// than the parser does: also behind a `#!` line, but not in an indented line; for `syntax` also in files that are no
// Dockerfiles, where another sign begins a comment or all of it is a JSON object.

import type { SourceText, Span } from '../../core/index.ts';
import { type DirectiveName, findDirective } from './directive.ts';
import { lineAt } from './lines.ts';
import type { Word } from './tree.ts';

/**
 * The image of the frontend that a file asks for: what stands before the first space of `# syntax=…`, `// syntax=…`,
 * or the text at `"syntax"` of a JSON object.
 */
export function detectSyntax(source: SourceText): Word | undefined {
  return (
    headDirective(source, 'syntax', '#') ?? headDirective(source, 'syntax', '//') ?? syntaxOfJson(source)
  );
}

/** The value of a directive at the head of a file, up to its first space. */
export function headDirective(source: SourceText, name: DirectiveName, comment = '#'): Word | undefined {
  const { text } = source;
  const seen = new Set<DirectiveName>();
  for (let at = headEnd(text); at < text.length; ) {
    const line = lineAt(text, at);
    if (!text.startsWith(comment, line.start)) return undefined;
    const found = findDirective(text, line.start + comment.length, line.contentEnd);
    if (!found || seen.has(found.name)) return undefined;
    if (found.name === name) {
      const value = text.slice(found.valueStart, found.valueEnd).split(' ', 1)[0] ?? '';
      const span = { source, start: found.valueStart, end: found.valueStart + value.length };
      return value === '' ? undefined : { text: value, span };
    }
    seen.add(found.name);
    at = line.end;
  }
  return undefined;
}

/** Behind the byte order mark and a line that names an interpreter. */
function headEnd(text: string): number {
  const start = text.startsWith('\ufeff') ? 1 : 0;
  return text.startsWith('#!', start) ? lineAt(text, start).end : start;
}

function syntaxOfJson(source: SourceText): Word | undefined {
  const start = headEnd(source.text);
  if (!/^[\t\n\r ]*\{/.test(source.text.slice(start))) return undefined;
  try {
    const value = (JSON.parse(source.text.slice(start)) as { syntax?: unknown }).syntax;
    return typeof value === 'string' ? { text: value, span: keySpan(source, start) } : undefined;
  } catch {
    return undefined;
  }
}

function keySpan(source: SourceText, from: number): Span {
  const key = source.text.indexOf('"syntax"', from);
  const start = key < 0 ? from : key;
  return { source, start, end: start + (key < 0 ? 1 : 8) };
}
