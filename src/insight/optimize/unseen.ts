// What a step takes that never ran where anybody looked: guesses, without which `--dry` could not weigh one order against
// another. They have to be of the right size: an install that is taken for nothing makes all else look large.

import type { RunFacts } from '../lint/index.ts';
import { installOf, isHarmless } from './installs.ts';

/** A COPY, in seconds. */
export const UNSEEN_COPY = 0.03;
/** A RUN that installs: what it fetches has to come first. */
const UNSEEN_INSTALL = 15;
/** One that does nothing but what is known to be done at once. */
const UNSEEN_TRIFLE = 0.5;
/** Any other, as a build of the project. */
const UNSEEN_WORK = 3;

/** A RUN, in seconds. */
export function unseenRun(run: RunFacts | undefined): number {
  if (!run) return UNSEEN_WORK;
  if (run.commands.some((one) => installOf(one) !== undefined)) return UNSEEN_INSTALL;
  return run.commands.every((one) => isHarmless(one) || TRIFLES.test(one.name)) ? UNSEEN_TRIFLE : UNSEEN_WORK;
}

const TRIFLES = /^(chmod|chown|cp|mv|ln|rm|mkdir|install|sed|cat|test|\[|cd|export|ls|git|a2enmod)$/;
