// What comes of an event.

import type { Effect } from '../event.ts';
import type { ExplorerState } from '../state.ts';

/** A new state, and what is wanted from outside. */
export interface Step {
  readonly state: ExplorerState;
  readonly effects: readonly Effect[];
}

/** A state with nothing wanted. */
export function only(state: ExplorerState): Step {
  return { state, effects: [] };
}
