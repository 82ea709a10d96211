// Values that lie in the context in files which keep secrets (`.env`, keys, credentials): a command that reads such a file
// may say one of them alone, where nothing but the file tells what it is.

import { isSecretFile, looksSecret } from '../../core/index.ts';
import { namesSecret, secretFileName } from '../../secrets/index.ts';
import { CWD, readSmallFile } from '../../sys/index.ts';

/** Such files are small, and few. */
const LARGEST = 64 * 1024;
const MOST_FILES = 100;
const MOST_VALUES = 1000;
/** A shorter one stands in other words by chance: one that is named a secret, and one that looks like one. */
const SHORTEST = 6;
const SHORTEST_WORD = 16;

/** A name, and where its value begins. */
const NAME = /([\w.-]+)["']?\s*[:=]\s*(?=\S)/g;
const IN_URL = /:\/\/[^\s:/@]*:([^\s/@]+)@/g;
const WORD = /[\w+/.~-]{16,}/g;

/** The values, of the files of a context. */
export function secretsOfContext(
  directory: string,
  files: readonly { readonly path: string; readonly bytes: number }[],
): readonly string[] {
  const keeping = files.filter(
    ({ path, bytes }) => bytes <= LARGEST && (isSecretFile(path) || secretFileName(path) !== undefined),
  );
  const values = keeping
    .slice(0, MOST_FILES)
    .flatMap(({ path }) => textOf(`${directory}/${path}`).split('\n').flatMap(valuesIn));
  return [...new Set(values)].slice(0, MOST_VALUES);
}

/** What of a line of such a file is a secret, or may be. */
export function valuesIn(line: string): string[] {
  const named = [...line.matchAll(NAME)].find(([, name = '']) => looksSecret(name) || namesSecret(name));
  const value = named && line.slice(named.index + named[0].length).replace(/\s*,?\s*$/, '');
  return [
    ...(value === undefined ? [] : [value.replace(/^(["'])(.*)\1$/, '$2')]),
    ...[...line.matchAll(IN_URL)].map(([, password]) => password!),
    // Lines of a key, tokens of whatever form: letters and digits without a meaning.
    ...(line.match(WORD) ?? []).filter(
      (word) => word.length >= SHORTEST_WORD && /\d/.test(word) && /[a-z]/i.test(word),
    ),
  ].filter(({ length }) => length >= SHORTEST);
}

function textOf(path: string): string {
  try {
    return Buffer.from(readSmallFile(CWD, path, LARGEST)).toString('utf8');
  } catch {
    return '';
  }
}
