// The names of what a build writes.

import { MilleError } from '../../core/index.ts';
import { canonicalName, parseReference } from '../../oci/image/index.ts';
import type { BuildOptions, OutputSpec } from '../types.ts';

/** An output with the canonical names that the image has in it; none for files. */
export interface NamedOutput {
  readonly spec: OutputSpec;
  readonly names: readonly string[];
}

/**
 * The outputs of a build with their names: those of the build or, where it has none, their own.
 * @throws MilleError `reference-invalid`; `usage` for one that is to be pushed and has none
 */
export function namedOutputs({ tags, outputs }: Pick<BuildOptions, 'tags' | 'outputs'>): NamedOutput[] {
  const given = canonical(tags);
  return outputs.map((spec) => {
    if (spec.type === 'tar' || spec.type === 'local') return { spec, names: [] };
    const names = given.length > 0 ? given : canonical(spec.names ?? []);
    if (spec.type === 'registry' && names.length === 0) {
      throw new MilleError('usage', 'an image without a name cannot be pushed', {
        hint: 'give it one that says the registry: -t registry.example/team/app:1',
      });
    }
    return { spec, names };
  });
}

/** All names that a build gives, wherever; those that were asked for where it only writes files too. */
export function buildNames(tags: readonly string[], outputs: readonly NamedOutput[]): string[] {
  return [...new Set([...canonical(tags), ...outputs.flatMap(({ names }) => names)])];
}

function canonical(names: readonly string[]): string[] {
  return names.map((name) => canonicalName(parseReference(name)));
}
