// Parser directives: `# syntax=…`, `# escape=…`, `# check=…`. They count only at the very top of the file; the
// first line that is anything else ends them.

import { isSpace, skipSpace } from './characters.ts';

export type DirectiveName = 'syntax' | 'escape' | 'check';

/** A directive found in a line; offsets are into the text that was given. */
export interface FoundDirective {
  readonly name: DirectiveName;
  readonly valueStart: number;
  readonly valueEnd: number;
}

const NAME = /[a-zA-Z][a-zA-Z0-9]*/y;

/** Reads the directive in `[start, end)` of a text, where `start` is at the `#`. Undefined when it is none. */
export function findDirective(text: string, start: number, end: number): FoundDirective | undefined {
  NAME.lastIndex = skipSpace(text, start + 1, end);
  const match = NAME.exec(text);
  if (!match || NAME.lastIndex > end) return undefined;
  const equals = skipAsciiSpace(text, NAME.lastIndex, end);
  if (equals >= end || text[equals] !== '=') return undefined;
  const name = match[0].toLowerCase();
  if (name !== 'syntax' && name !== 'escape' && name !== 'check') return undefined;
  const valueStart = skipAsciiSpace(text, equals + 1, end);
  let valueEnd = end;
  while (valueEnd > valueStart && isAsciiSpace(text.charCodeAt(valueEnd - 1))) valueEnd--;
  if (valueStart === valueEnd) return undefined;
  return { name, valueStart, valueEnd };
}

/** The image of a `syntax` value: what stands before the first space. */
export function syntaxReference(value: string): string {
  const space = value.indexOf(' ');
  return space < 0 ? value : value.slice(0, space);
}

/** Rules and severity of a `check` value: `skip=RuleA,RuleB;error=true`. Unknown parts are returned in `unknown`. */
export function parseCheckDirective(value: string): {
  readonly skip: readonly string[];
  readonly skipAll: boolean;
  readonly error: boolean;
  readonly unknown: readonly string[];
} {
  const skip: string[] = [];
  const unknown: string[] = [];
  let skipAll = false;
  let error = false;
  for (const part of value.split(';')) {
    const [key = '', list = ''] = splitOnce(part.trim());
    if (key === 'skip') {
      for (const rule of list.split(',').map((name) => name.trim())) {
        if (rule === 'all') skipAll = true;
        else if (rule !== '') skip.push(rule);
      }
    } else if (key === 'error' && /^(1|t|true|0|f|false)$/i.test(list.trim())) {
      error = /^(1|t|true)$/i.test(list.trim());
    } else if (part.trim() !== '') {
      unknown.push(part.trim());
    }
  }
  return { skip, skipAll, error, unknown };
}

function splitOnce(text: string): [string, string] {
  const equals = text.indexOf('=');
  return equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
}

function skipAsciiSpace(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isAsciiSpace(text.charCodeAt(at))) at++;
  return at;
}

function isAsciiSpace(code: number): boolean {
  return code < 0x80 && code !== 11 && isSpace(code);
}
