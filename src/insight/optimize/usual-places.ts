// Whether programs keep what they keep where they do as a rule, or elsewhere, as variables and the user say.

import type { ImageConfig } from '../../oci/image/index.ts';

/** Variables with which caches lie elsewhere, or are not kept at all, besides `HOME` and `XDG_CACHE_HOME`. */
export const MOVED_BY = {
  pip: ['PIP_CACHE_DIR', 'PIP_NO_CACHE_DIR'],
  poetry: ['POETRY_CACHE_DIR', 'POETRY_NO_CACHE'],
  npm: ['npm_config_cache', 'NPM_CONFIG_CACHE'],
} as const;

/** What is in force where a program runs. */
type Config = NonNullable<ImageConfig['config']>;

/** The variables of a config. */
export function variablesOf({ Env = [] }: Pick<Config, 'Env'>): ReadonlyMap<string, string> {
  return new Map(
    Env.map((one) => {
      const at = one.indexOf('=');
      return at < 0 ? [one, ''] : [one.slice(0, at), one.slice(at + 1)];
    }),
  );
}

/**
 * Whether directories are the ones that a program uses: those of root only for root.
 * @param unless variables with which they are not, whatever they say
 */
export function isUsualPlace(
  config: Pick<Config, 'Env' | 'User'>,
  {
    directories,
    unless = [],
  }: { readonly directories: readonly string[]; readonly unless?: readonly string[] },
): boolean {
  const variables = variablesOf(config);
  if (unless.some((name) => variables.has(name))) return false;
  if (directories.some((one) => one.startsWith('root/.cache/')) && variables.has('XDG_CACHE_HOME'))
    return false;
  if (!directories.some((one) => one.startsWith('root/'))) return true;
  const home = variables.get('HOME')?.replace(/\/+$/, '') ?? '/root';
  return home === '/root' && /^(|root|0)(:|$)/.test(config.User ?? '');
}
