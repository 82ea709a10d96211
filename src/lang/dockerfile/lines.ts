// Physical lines: where each starts and ends, whether it is blank, a comment, or goes on in the next one.

import { skipSpace } from './characters.ts';
import type { Escape } from './tree.ts';

/** A physical line: `[start, end)` with its line end, `[start, contentEnd)` without it. */
export interface PhysicalLine {
  readonly start: number;
  readonly contentEnd: number;
  readonly end: number;
}

/** The line that starts at `start`. Only `\n` ends a line; any `\r` before it belong to the line end. */
export function lineAt(text: string, start: number): PhysicalLine {
  const newline = text.indexOf('\n', start);
  const end = newline < 0 ? text.length : newline + 1;
  let contentEnd = newline < 0 ? end : newline;
  while (contentEnd > start && text.charCodeAt(contentEnd - 1) === 13) contentEnd--;
  return { start, contentEnd, end };
}

/** Whether the line holds only white space. */
export function isBlankLine(text: string, line: PhysicalLine): boolean {
  return skipSpace(text, line.start, line.contentEnd) === line.contentEnd;
}

/** Whether the first character that is no white space is `#`. */
export function isCommentLine(text: string, line: PhysicalLine): boolean {
  const at = skipSpace(text, line.start, line.contentEnd);
  return at < line.contentEnd && text[at] === '#';
}

/**
 * The offset of the escape character that joins `[start, end)` with the next line, or -1. It is the last character
 * but for spaces and tabs, and the character before it is not the escape character too.
 */
export function continuationAt(
  text: string,
  range: { start: number; end: number },
  escapeChar: Escape,
): number {
  let at = range.end - 1;
  while (at >= range.start && (text[at] === ' ' || text[at] === '\t')) at--;
  if (at < range.start || text[at] !== escapeChar) return -1;
  return at === range.start || text[at - 1] !== escapeChar ? at : -1;
}

/** Bytes that the range takes as UTF-8; a surrogate that stands for a raw byte counts as one. */
export function utf8Length(text: string, start: number, end: number): number {
  let bytes = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x80 || (code >= 0xdc80 && code <= 0xdcff && !isHigh(text.charCodeAt(at - 1)))) bytes++;
    else if (code < 0x800 || (code >= 0xd800 && code <= 0xdfff)) bytes += 2;
    else bytes += 3;
  }
  return bytes;
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
