// What a display of a build's progress is: it turns events into text for standard error. It writes nothing itself
// and has no clock; times are handed in, in milliseconds.

import type { BuildEvent } from '../../../core/index.ts';

export interface ProgressRenderer {
  /** The text to write for an event, possibly ''. */
  event(event: BuildEvent, now: number): string;
  /** The text to write some ten times a second. */
  tick(now: number): string;
  /** The text that ends the display, however the build ended. Called once. */
  end(now: number): string;
}

/** Says nothing; for `--quiet`. */
export const quietProgress: ProgressRenderer = {
  event: () => '',
  tick: () => '',
  end: () => '',
};
