// Why a draft did not build, in words that can be shown.

import type { MilleError } from '../../core/index.ts';
import { CWD, environment, readSmallFile } from '../../sys/index.ts';
import type { SecretOption } from '../types.ts';
import { hideInLine } from '../why/secrets.ts';

/** Lines of output that are told of a failed command. */
const LINES = 8;
const LARGEST_SECRET = 500 * 1024;
/** A shorter one is not looked for: it stands in other words by chance. */
const SHORTEST_SECRET = 4;

/** The error with the last lines of output: what looks secret is hidden, and the secrets that the build was given. */
export function failureText(
  { message, output = [] }: MilleError,
  secrets: readonly SecretOption[] = [],
): string {
  const lines = [message, ...output.slice(-LINES)];
  const values = output.length > 0 ? secrets.flatMap(valuesOf) : [];
  return lines
    .map((line) => hideInLine(values.reduce((text, value) => text.replaceAll(value, '****'), line)))
    .join('\n');
}

/** Each line of a secret, for a command says a line of it at a time. */
function valuesOf({ source }: SecretOption): string[] {
  const text = source.kind === 'variable' ? (environment()[source.name] ?? '') : textOf(source.path);
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(({ length }) => length >= SHORTEST_SECRET);
}

function textOf(path: string): string {
  try {
    return Buffer.from(readSmallFile(CWD, path, LARGEST_SECRET)).toString('utf8');
  } catch {
    return '';
  }
}
