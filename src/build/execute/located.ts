// Errors of a step, with the place of the instruction they belong to.

import { MilleError, type Span } from '../../core/index.ts';

/** Runs some work; an error without a place gets this one. */
export function located<T>(span: Span | undefined, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof MilleError ? error.at(span) : error;
  }
}

/** The error for something the language has and this builder does not execute yet. */
export function unsupported(what: string, span: Span | undefined): MilleError {
  return new MilleError('usage', `${what} is not supported yet`, {
    hint: 'docs/differences.md lists what is supported',
    ...(span ? { span } : {}),
  });
}
