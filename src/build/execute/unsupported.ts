// What the language has and this builder does not execute yet. Said before the first step runs: nobody should wait ten
// minutes for it.

import { MilleError, type Span } from '../../core/index.ts';
import type { Step } from '../graph/index.ts';

/** The error for something that is not executed yet. */
export function unsupported(what: string, span: Span | undefined, instead?: string): MilleError {
  return new MilleError('usage', `${what} is not supported yet`, {
    hint: instead ?? 'docs/differences.md lists what is supported',
    ...(span ? { span } : {}),
  });
}

/** @throws MilleError `usage` for a step that cannot be executed, `dockerfile-syntax` for a RUN of nothing. */
export function refuseUnsupported(step: Step): void {
  if (step.kind === 'run' && step.argv.length === 0) {
    throw new MilleError('dockerfile-syntax', 'RUN has no command', {
      hint: 'write the command after RUN, or remove the line',
      ...(step.span ? { span: step.span } : {}),
    });
  }
}
