// Which rules are looked at: what the `check` directive of a Dockerfile says, or the build argument that takes its place,
// and what the comments above an instruction add.

import { MilleError } from '../../core/index.ts';
import {
  type CheckOptions,
  checkOptionsOfComments,
  type Dockerfile,
  NO_CHECK_OPTIONS,
  parseCheckDirective,
} from '../../lang/dockerfile/index.ts';
import type { Rule } from './rule.ts';

/** The build argument that takes the place of the directive, also when it is empty. */
const CHECK_ARGUMENT = 'BUILDKIT_DOCKERFILE_CHECK';

/**
 * The options of a build.
 * @throws MilleError `dockerfile-syntax` for a malformed directive, `usage` for a malformed build argument.
 */
export function checkOptions(
  { check }: Pick<Dockerfile, 'check'>,
  buildArgs: Readonly<Record<string, string>> = {},
): CheckOptions {
  if (!Object.hasOwn(buildArgs, CHECK_ARGUMENT)) return check ? parseCheckDirective(check) : NO_CHECK_OPTIONS;
  try {
    return parseCheckDirective(buildArgs[CHECK_ARGUMENT] as string);
  } catch (error) {
    if (!(error instanceof MilleError)) throw error;
    const { hint, message } = error;
    throw new MilleError(
      'usage',
      `--build-arg ${CHECK_ARGUMENT}: ${message}`,
      hint === undefined ? {} : { hint },
    );
  }
}

/** The options within an instruction: what the comments above it say is added to those of the file. */
export function optionsUnder(options: CheckOptions, comments: readonly string[]): CheckOptions {
  const own = checkOptionsOfComments(comments);
  if (!own) return options;
  return {
    skip: [...options.skip, ...own.skip],
    skipAll: options.skipAll || own.skipAll,
    experimental: [...options.experimental, ...own.experimental],
    experimentalAll: options.experimentalAll || own.experimentalAll,
    error: options.error,
  };
}

/** Whether a rule is looked at. */
export function isOn(
  { name, experimental }: Pick<Rule, 'name' | 'experimental'>,
  options: CheckOptions,
): boolean {
  if (experimental) return options.experimentalAll || options.experimental.includes(name);
  return !options.skipAll && !options.skip.includes(name);
}
