// "Did you mean" for commands and flags: a slip of a third of the letters, and never more than three.

import { suggest } from '../../core/index.ts';

/** The option nearest to `text`, at most a third of its letters (and never more than 3) away. */
export function nearest(text: string, options: readonly string[]): string | undefined {
  return suggest(text, options, Math.min(3, Math.max(1, Math.floor(text.length / 3))));
}
