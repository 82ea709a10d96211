// Variables with their values on a command line: `mille run -e NAME=value`. Only names come back.

import { mayHoldToken, scanVariable } from '../../secrets/index.ts';

/** The names among `NAME=value` whose name or value looks like a secret. Nothing heavy is loaded for it. */
export async function secretVariables(pairs: readonly string[]): Promise<readonly string[]> {
  const names = pairs.flatMap((pair) => {
    const equals = pair.indexOf('=');
    if (equals < 1) return [];
    const [name, value] = [pair.slice(0, equals), pair.slice(equals + 1)];
    return scanVariable(name, value) || mayHoldToken(value) ? [name] : [];
  });
  return [...new Set(names)];
}
