// What commands may say and no report may tell: values of the secrets that a build is given, and of variables that are
// named like secrets, wherever they come from; and those that lie in the context.

import { Environment } from '../../build/graph/index.ts';
import { hideInLine, hideTokens, looksSecret } from '../../core/index.ts';
import type { Subject } from '../../insight/optimize/index.ts';
import { namesSecret } from '../../secrets/index.ts';
import { CWD, environment, readSmallFile } from '../../sys/index.ts';
import type { BuildOptions, SecretOption } from '../types.ts';
import { secretsOfContext } from './context-secrets.ts';

const LARGEST_SECRET = 500 * 1024;
/** A shorter one is not looked for: it stands in other words by chance. */
const SHORTEST = 4;
/** One that is no word that somebody could mean otherwise. */
const LEAST_UNUSUAL = 10;

/** Hides them in a line, and what else looks secret. */
export type HideValues = (line: string) => string;

/** What is hidden of one project. */
export interface Hidden {
  /** In what a command said, a line. */
  readonly hide: HideValues;
  /** In what is told otherwise: nothing is taken for a secret there because of the word before it. */
  readonly hideTold: HideValues;
}

/** Knows the values that a build is given. */
export function valueHider(options: Hiding): HideValues {
  return hiddenOf(options).hide;
}

/** Knows those of a build, those that a Dockerfile itself has, and those in the files of the context that keep some. */
export function hiddenOf(
  { secrets = [], buildArgs }: Hiding,
  { subject, directory }: { readonly subject?: Subject; readonly directory?: string } = {},
): Hidden {
  const variables = Environment.everSet((subject?.lint.built ?? []).map(({ before }) => before.environment));
  const config = subject?.evidence.image.config.config?.Env ?? [];
  const pairs: readonly (readonly [string, string])[] = [
    ...Object.entries(buildArgs ?? {}),
    ...variables.map(({ name, value }) => [name, value] as const),
    ...config.map((text) => [text.split('=', 1)[0]!, text.slice(text.indexOf('=') + 1)] as const),
  ];
  const named = pairs.flatMap(([name, value]) => (looksSecret(name) || namesSecret(name) ? [value] : []));
  const given = secrets.map(({ source }) => secretText(source));
  const kept = directory === undefined ? [] : secretsOfContext(directory, subject?.evidence.context ?? []);
  // The longest first: another one may be a part of it.
  const values = [...new Set([...given, ...named, ...kept].flatMap(linesOf))].sort(
    (a, b) => b.length - a.length,
  );
  // `postgres` is a password, and a word: where nobody says it as a secret it is not taken for one.
  const unusual = values.filter((value) => value.length >= LEAST_UNUSUAL && /[^a-z]/.test(value));
  const without = (text: string, some: readonly string[]) =>
    some.reduce((rest, value) => rest.replaceAll(value, '****'), text);
  return {
    hide: (line) => hideInLine(without(line, values)),
    hideTold: (text) => hideTokens(without(text, unusual)),
  };
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
