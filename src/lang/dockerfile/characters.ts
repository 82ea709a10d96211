// What counts as white space. The Dockerfile language was defined by a Go program, whose two notions differ from
// JavaScript's: Unicode's White_Space property for trimming, and five ASCII characters for splitting. Its lower case
// and its texts differ a little too.

/** Unicode White_Space, which differs from `\s` by U+0085 (in) and U+FEFF (out). */
export function isSpace(code: number): boolean {
  if (code < 0x80) return code === 32 || (code >= 9 && code <= 13);
  if (code < 0x1680) return code === 0x85 || code === 0xa0;
  return (
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** Tab, vertical tab, form feed, carriage return and space: what separates words of an instruction. */
export function isSeparator(code: number): boolean {
  return code === 32 || code === 9 || (code >= 11 && code <= 13);
}

/** What `\s` is in a regular expression of Go. */
export function isAsciiSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 12 || code === 13;
}

/** The offset of the first character of `[start, end)` that is no white space, or `end`. */
export function skipSpace(text: string, start: number, end = text.length): number {
  let at = start;
  while (at < end && isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** The offset after the last character of `[start, end)` that is no white space, or `start`. */
export function trimEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && isSpace(text.charCodeAt(at - 1))) at--;
  return at;
}

/** Without leading and trailing white space. */
export function trimSpace(text: string): string {
  const start = skipSpace(text, 0);
  return text.slice(start, trimEnd(text, start, text.length));
}

/** Lower case as Go makes it, in which U+0130 (a capital I with a dot) is a plain `i`. */
export function lowerCase(text: string): string {
  return text.replaceAll('\u0130', 'i').toLowerCase();
}

/** A text in which each lone surrogate has become U+FFFD, as a byte that is no UTF-8 does in BuildKit. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}
