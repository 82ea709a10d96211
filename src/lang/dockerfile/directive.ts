// Parser directives: `# syntax=…`, `# escape=…`, `# check=…`. They count only at the very top of the file; the
// first line that is anything else ends them.

import { isAsciiSpace, skipSpace } from './characters.ts';

export type DirectiveName = 'syntax' | 'escape' | 'check';

/** A directive found in a line; offsets are into the text that was given. */
export interface FoundDirective {
  readonly name: DirectiveName;
  readonly valueStart: number;
  readonly valueEnd: number;
}

const NAME = /[a-zA-Z][a-zA-Z0-9]*/y;

/** Reads the directive in `[start, end)` of a text, where `start` is behind the `#`. Undefined when it is none. */
export function findDirective(text: string, start: number, end: number): FoundDirective | undefined {
  NAME.lastIndex = skipSpace(text, start, end);
  const match = NAME.exec(text);
  if (!match || NAME.lastIndex > end) return undefined;
  const equals = skipAsciiSpace(text, NAME.lastIndex, end);
  if (equals >= end || text[equals] !== '=') return undefined;
  const name = match[0].toLowerCase();
  if (name !== 'syntax' && name !== 'escape' && name !== 'check') return undefined;
  const valueStart = skipAsciiSpace(text, equals + 1, end);
  let valueEnd = end;
  while (valueEnd > valueStart && isAsciiSpace(text.charCodeAt(valueEnd - 1))) valueEnd--;
  if (valueStart < valueEnd) return { name, valueStart, valueEnd };
  // BuildKit wants a character: of white space alone it takes the last.
  return equals + 1 < end ? { name, valueStart: end - 1, valueEnd: end } : undefined;
}

function skipAsciiSpace(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isAsciiSpace(text.charCodeAt(at))) at++;
  return at;
}
