// What no attestation tells: values of secrets, passwords in URLs, tokens by their form, and values of arguments and
// variables whose names say that they are secrets. They are hidden wherever they stand, the Dockerfile's own text included.

import type { BuildSecrets, EvaluatedBuild } from '../../build/execute/index.ts';
import { hideSecrets, looksSecret, redactUrls } from '../../core/index.ts';

/** Stands in the place of what is hidden. */
export const HIDDEN = '****';

/** Shorter values would make an ordinary text unreadable; by their names they are hidden all the same. */
const SHORTEST = 6;

/** Hides such values in a text. */
export type Hide = (text: string) => string;

/** Hides in what people wrote, too, whatever looks like a secret there. */
export function hidingInText(hide: Hide): Hide {
  return (text) => hideSecrets(hide(text));
}

/** Makes it for a build: what is known to be secret. */
export function hiding(
  secrets: BuildSecrets,
  builds: readonly EvaluatedBuild[],
  given: Readonly<Record<string, string>>,
): Hide {
  const values = [...Object.entries(given), ...builds.flatMap(variablesOf)]
    .filter(([name, value]) => looksSecret(name) && value.length >= SHORTEST)
    .map(([, value]) => value);
  const longestFirst = [...new Set(values)].sort((a, b) => b.length - a.length);
  return (text) =>
    longestFirst.reduce((rest, value) => rest.replaceAll(value, HIDDEN), redactUrls(secrets.redact(text)));
}

/** A value with everything hidden in its texts. */
export function hiddenIn<T>(value: T, hide: Hide): T {
  if (typeof value === 'string') return hide(value) as T;
  if (Array.isArray(value)) return value.map((one) => hiddenIn(one, hide)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, hiddenIn(one, hide)])) as T;
}

function variablesOf({ plan, evaluations }: EvaluatedBuild): (readonly [string, string])[] {
  const ofStages = [...evaluations.values()].flatMap(({ steps, state }) => [
    ...state.environment.variables(),
    // What a later line overwrote was seen by a command before it.
    ...steps.flatMap((step) => (step.kind === 'run' ? step.environment : [])),
  ]);
  return [...plan.globalArgs, ...ofStages.map(({ name, value }) => [name, value] as const)];
}
