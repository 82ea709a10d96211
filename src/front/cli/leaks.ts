// What to do about secrets that a build or a command line gives away: `--secrets`, `--secrets-allow`, `MILLE_SECRETS`.

import type { LeakOptions } from '../../app/index.ts';
import { MilleError } from '../../core/index.ts';
import type { Host } from './spec.ts';

const LEVELS = ['warn', 'error', 'off'] as const;

/** The level of the environment, where the command line says nothing. @throws MilleError `usage` */
export function leakLevel(given: LeakOptions['level'] | undefined, env: Host['env']): LeakOptions['level'] {
  if (given !== undefined) return given;
  const text = env.MILLE_SECRETS || 'warn';
  const level = LEVELS.find((one) => one === text);
  if (level !== undefined) return level;
  throw new MilleError('usage', `MILLE_SECRETS can't be '${text}'`, {
    hint: `it is one of ${LEVELS.join(', ')}`,
  });
}

/** The settings of a build about secrets. @throws MilleError `usage` */
export function leakOptions(
  given: LeakOptions['level'] | undefined,
  allow: readonly string[],
  env: Host['env'],
): LeakOptions {
  return { level: leakLevel(given, env), allow: allow.flatMap((text) => text.split(',')).filter(Boolean) };
}
