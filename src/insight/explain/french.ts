// French typography: the spaces before high punctuation and inside guillemets must not break a line.

const NO_BREAK = '\u00a0';

/** The text with spaces that do not break where French wants them; what is code stays as it is. */
export function frenchSpaces(markdown: string): string {
  // Code in fences, then code in lines; neither is touched.
  return markdown
    .split(/(^```[\s\S]*?^```|`[^`\n]*`)/m)
    .map((part, i) => (i % 2 === 1 ? part : spaced(part)))
    .join('');
}

function spaced(text: string): string {
  return text
    .replace(/ ([:;!?»])/g, `${NO_BREAK}$1`)
    .replace(/« /g, `«${NO_BREAK}`)
    .replace(/(\d) (?=%|Mo\b|Go\b|s\b)/g, `$1${NO_BREAK}`);
}
