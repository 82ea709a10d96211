// Build arguments that are addressed to the builder: those that name a stage's settings are read where these are made;
// here is what is wrong with the others, or has no meaning for this builder.

import { MilleError } from '../../core/index.ts';
import { type BuildArgs, buildArg } from './global-scope.ts';

/** As Go reads a boolean. */
const TRUE = /^(?:1|t|T|true|TRUE|True)$/;
const FALSE = /^(?:0|f|F|false|FALSE|False)$/;

/**
 * Looks at the arguments for the builder.
 * @returns warnings about what is asked for and not done
 * @throws MilleError `usage`
 */
export function builderWarnings(buildArgs: BuildArgs): readonly string[] {
  const several = buildArg(buildArgs, 'BUILDKIT_MULTI_PLATFORM') ?? '';
  if (several !== '' && !TRUE.test(several) && !FALSE.test(several)) {
    throw new MilleError('usage', `the build argument BUILDKIT_MULTI_PLATFORM can't be '${several}'`, {
      hint: 'it is true or false',
    });
  }
  if (TRUE.test(buildArg(buildArgs, 'BUILDKIT_DISABLE_FILEOP') ?? '')) {
    throw new MilleError('usage', 'the build argument BUILDKIT_DISABLE_FILEOP has no meaning any more', {
      hint: 'BuildKit dropped it in 0.11: leave it out',
    });
  }
  const inline = TRUE.test(buildArg(buildArgs, 'BUILDKIT_INLINE_CACHE') ?? '');
  return inline ? ['BUILDKIT_INLINE_CACHE: no cache is put into images here; it is in the local store'] : [];
}
