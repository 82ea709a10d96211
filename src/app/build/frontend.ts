// The frontend that a Dockerfile, or the build argument BUILDKIT_SYNTAX, asks for. The built-in one reads the file in
// any case; what it cannot stand for is said.

import { type BuildEvent, MilleError, type SourceText } from '../../core/index.ts';
import {
  type Dockerfile,
  detectSyntax,
  frontendNotice,
  parseDockerfile,
} from '../../lang/dockerfile/index.ts';

type BuildArgs = Readonly<Record<string, string>>;

/** What a build says about the frontend asked for, if anything. */
export function frontendEvent(source: SourceText, buildArgs: BuildArgs): BuildEvent | undefined {
  const given = buildArgs.BUILDKIT_SYNTAX?.trim().split(' ', 1)[0];
  if (given) return frontendNotice(given);
  const syntax = detectSyntax(source);
  return syntax && frontendNotice(syntax.text, syntax.span);
}

/**
 * Parses the file to be built. A mistake in it may be none to the frontend that it asks for, which the hint then says.
 * @throws MilleError as `parseDockerfile`
 */
export function parseBuildFile(source: SourceText, buildArgs: BuildArgs): Dockerfile {
  try {
    return parseDockerfile(source);
  } catch (error) {
    const notice = frontendEvent(source, buildArgs);
    if (!(error instanceof MilleError) || !notice || !('message' in notice)) throw error;
    throw new MilleError(error.code, error.message, {
      ...(error.span ? { span: error.span } : {}),
      hint: [error.hint, `${notice.message}`].filter(Boolean).join('\n'),
      cause: error,
    });
  }
}
