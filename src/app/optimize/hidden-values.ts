// What commands may say and no report may tell: values of the secrets that a build is given, and of variables that are
// named like secrets, wherever they come from.

import { looksSecret } from '../../core/index.ts';
import type { Subject } from '../../insight/optimize/index.ts';
import { namesSecret } from '../../secrets/index.ts';
import { CWD, environment, readSmallFile } from '../../sys/index.ts';
import type { BuildOptions, SecretOption } from '../types.ts';
import { hideInLine } from '../why/secrets.ts';

const LARGEST_SECRET = 500 * 1024;
/** A shorter one is not looked for: it stands in other words by chance. */
const SHORTEST = 4;

/** Hides them in a line, and what else looks secret. */
export type HideValues = (line: string) => string;

/** Knows the values of a build, and those that a Dockerfile itself has. */
export function valueHider({ secrets = [], buildArgs }: Hiding, subject?: Subject): HideValues {
  const variables = (subject?.lint.built ?? []).flatMap(({ before }) => before.environment.variables());
  const config = subject?.evidence.image.config.config?.Env ?? [];
  const pairs: readonly (readonly [string, string])[] = [
    ...Object.entries(buildArgs ?? {}),
    ...variables.map(({ name, value }) => [name, value] as const),
    ...config.map((text) => [text.split('=', 1)[0]!, text.slice(text.indexOf('=') + 1)] as const),
  ];
  const named = pairs.flatMap(([name, value]) => (looksSecret(name) || namesSecret(name) ? [value] : []));
  const all = [...secrets.map(({ source }) => secretText(source)), ...named].flatMap(linesOf);
  // The longest first: another one may be a part of it.
  const values = [...new Set(all)].sort((a, b) => b.length - a.length);
  return (line) => hideInLine(values.reduce((text, value) => text.replaceAll(value, '****'), line));
}

/** What a build is given. */
export type Hiding = Partial<Pick<BuildOptions, 'secrets' | 'buildArgs'>>;

/** Each line of a secret, for a command says a line of it at a time. */
function linesOf(secret: string): string[] {
  return secret
    .split('\n')
    .map((line) => line.trim())
    .filter(({ length }) => length >= SHORTEST);
}

function secretText(source: SecretOption['source']): string {
  if (source.kind === 'file') return textOf(source.path);
  return source.kind === 'value' ? source.value : (environment()[source.name] ?? '');
}

function textOf(path: string): string {
  try {
    return Buffer.from(readSmallFile(CWD, path, LARGEST_SECRET)).toString('utf8');
  } catch {
    return '';
  }
}
