// Why a draft did not build, in words that can be shown.

import type { MilleError } from '../../core/index.ts';
import type { HideValues } from './hidden-values.ts';
import { shownLines } from './shown-text.ts';

/** Lines of output that are told of a failed command. */
const LINES = 8;

/** The error with the last lines of output: what is secret is hidden. */
export function failureText({ message, output = [] }: MilleError, hide: HideValues): string {
  return [hide(message), ...shownLines(output.map(hide)).slice(-LINES)].join('\n');
}
