// BuildKit's source policies: rules that deny or replace what FROM, ADD and git take. Not supported, and never passed
// over: a policy that nobody keeps is worse than none.

import { MilleError } from '../../core/index.ts';

/** @throws MilleError `usage` where the environment names a policy, as it does for `docker buildx build` */
export function refuseSourcePolicy(env: Readonly<Record<string, string | undefined>>): void {
  if (!env.EXPERIMENTAL_BUILDKIT_SOURCE_POLICY) return;
  throw new MilleError('usage', 'mille does not keep source policies (EXPERIMENTAL_BUILDKIT_SOURCE_POLICY)', {
    hint: 'to pin what bases, URLs and git sources mean use mille.lock and --locked; unset the variable to build without a policy',
  });
}
