// How a draft is to be built: as the original, but for what its changes want to be given in another way.

import type { Applied } from '../../insight/optimize/index.ts';
import type { BuildOptions } from '../types.ts';

/** The options of a build of the text after some changes: secrets that were build arguments are given as secrets. */
export function optionsFor(applied: readonly Applied[], options: BuildOptions): BuildOptions {
  const instead = applied.flatMap(({ proposal }) => proposal.secrets ?? []);
  if (instead.length === 0) return options;
  const names = new Set(instead.map(({ id }) => id));
  const kept = Object.entries(options.buildArgs).filter(([name]) => !names.has(name));
  const values = instead.flatMap(({ id, value }) =>
    value === undefined ? [] : [{ id, source: { kind: 'value', value } as const }],
  );
  // A secret that was given under the same name all along is that of other commands: it goes before.
  const given = new Set((options.secrets ?? []).map(({ id }) => id));
  return {
    ...options,
    buildArgs: Object.fromEntries(kept),
    secrets: [...values.filter(({ id }) => !given.has(id)), ...(options.secrets ?? [])],
  };
}
