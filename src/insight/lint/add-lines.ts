// Lines added at the end of a text, as fixes do it to an ignore file.

/**
 * The text with lines at its end; those that it has already are not added.
 * @param text undefined where there is no file yet
 */
export function addLines(text: string | undefined, lines: readonly string[]): string {
  const before = text ?? '';
  const known = new Set(before.split('\n').map((line) => line.trim()));
  const fresh = [...new Set(lines)].filter((line) => !known.has(line));
  if (fresh.length === 0) return before;
  const end = before.includes('\r\n') ? '\r\n' : '\n';
  const ended = before === '' || before.endsWith('\n') ? before : `${before}${end}`;
  return ended + fresh.map((line) => `${line}${end}`).join('');
}
