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
