// What `--cache-from` and `--cache-to` cannot mean, said before anything is built.

import { MilleError, parseDigest } from '../../core/index.ts';
import { parseReference } from '../../oci/image/index.ts';
import type { BuildOptions } from '../types.ts';
import type { CacheSourceSpec, CacheTargetSpec } from './types.ts';

/** @throws MilleError `usage`, `reference-invalid`, `digest-invalid` */
export function checkCaches({ cacheFrom = [], cacheTo = [], squash }: BuildOptions): void {
  for (const spec of cacheFrom) checkSource(spec);
  for (const spec of cacheTo) checkTarget(spec);
  if (squash && cacheTo.some(({ type }) => type === 'inline')) {
    throw new MilleError('usage', '--cache-to type=inline and --squash cannot be given together', {
      hint: 'a squashed image does not have the layers of its steps: write the cache elsewhere',
    });
  }
}

function checkSource(spec: CacheSourceSpec): void {
  if (spec.type === 'registry') parseReference(spec.ref);
  else if (spec.digest !== undefined) parseDigest(spec.digest);
}

function checkTarget(spec: CacheTargetSpec): void {
  if (spec.type !== 'registry' || parseReference(spec.ref).digest === undefined) return;
  throw new MilleError('usage', `--cache-to cannot write to '${spec.ref}': a digest is no name`, {
    hint: 'write a tag: ref=HOST/NAME:TAG',
  });
}
