// Lines of a Dockerfile as a report may show them: without the values of what sounds secret.

import { hideSecrets, looksSecret } from '../../core/index.ts';

/** `ENV NAME the rest is its value`, and continued lines of the same. */
const OLD_FORM = /^(\s*(?:ENV|ARG|LABEL)\s+)([\w.-]+)(\s+)(?!=)(\S.*)$/i;
const KEY_BEGINS = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY|-----BEGIN PGP|PuTTY-User-Key-File/;
const KEY_ENDS = /-----END /;
/** Ends what began above the first line. */
const PRIVATE_KEY_ENDS = /-----END [A-Z0-9 ]*PRIVATE KEY/;

/** The lines, one for one. */
export function shownLines(lines: readonly string[]): readonly string[] {
  const isEnd = (line: string) => PRIVATE_KEY_ENDS.test(line);
  let inKey = lines.find((line) => KEY_BEGINS.test(line) || isEnd(line))?.match(PRIVATE_KEY_ENDS) != null;
  return lines.map((line) => {
    if (inKey) {
      inKey = !KEY_ENDS.test(line);
      return '****';
    }
    const key = KEY_BEGINS.exec(line);
    if (!key) return shownText(line);
    inKey = !KEY_ENDS.test(line);
    return `${shownText(line.slice(0, key.index))}****`;
  });
}

/** A line, or a sentence that quotes one. */
export function shownText(text: string): string {
  const [, head, name, space] = OLD_FORM.exec(text) ?? [];
  if (name !== undefined && looksSecret(name)) return `${head}${name}${space}****`;
  return hideSecrets(text, { unexpanded: true });
}

/** Whether something of a text would be hidden. */
export function hidesIn(text: string): boolean {
  const lines = text.split('\n');
  return shownLines(lines).some((line, i) => line !== lines[i]);
}
