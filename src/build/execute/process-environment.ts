// The variables that a RUN's process starts with. Only the step's own count for its key; what is added here comes
// from around it.

import type { RunStep } from '../graph/index.ts';

/** Variables beside those that ENV and ARG gave. */
export interface AddedVariables {
  /** Of mounts, such as SSH_AUTH_SOCK. */
  readonly mounts: Readonly<Record<string, string>>;
  /** With --reproducible: seconds since the epoch. */
  readonly clampTime?: number;
  /** Proxy variables of the surroundings. */
  readonly proxies: Readonly<Record<string, string>>;
  /** What names the machine's certificates, as `NAME=value`. */
  readonly trust: readonly string[];
}

/**
 * `NAME=value` for every variable, each once. What comes from around a step never hides what the Dockerfile says, but
 * for proxies that were given with --build-arg: they win, even over a declared argument and ENV, as in BuildKit.
 */
export function processEnvironment(
  step: Pick<RunStep, 'environment' | 'proxy'>,
  added: AddedVariables,
): string[] {
  const variables = new Map(step.environment.map(({ name, value }) => [name, value]));
  for (const [name, value] of Object.entries(step.proxy)) variables.set(name, value);
  const addMissing = (name: string, value: string): void => {
    if (!variables.has(name)) variables.set(name, value);
  };
  for (const [name, value] of Object.entries(added.mounts)) addMissing(name, value);
  if (added.clampTime !== undefined) addMissing('SOURCE_DATE_EPOCH', String(added.clampTime));
  for (const [name, value] of Object.entries(added.proxies)) addMissing(name, value);
  for (const variable of added.trust) {
    const cut = variable.indexOf('=');
    addMissing(variable.slice(0, cut), variable.slice(cut + 1));
  }
  return [...variables].map(([name, value]) => `${name}=${value}`);
}
