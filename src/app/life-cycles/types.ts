// Life cycles that are refreshed, as data.

import type { LifeCycleChange } from '../../insight/tags/index.ts';

/** Of which days the dates of support are that something shows, and whose. */
export interface SupportDates {
  /** `2026-11-26`: the oldest of them. */
  readonly asOf: string;
  /** The newest, where they are not all of one day. */
  readonly newest?: string;
  readonly source: string;
}

/** What to refresh. */
export interface UpdateLifeCyclesOptions {
  /** By their names at endoflife.date; all that are known where none is named. */
  readonly products: readonly string[];
  /** What stands before `/products/python`, or a directory of such answers. */
  readonly from?: string;
  readonly ca?: string;
  /** `2026-11-26`. */
  readonly today: string;
}

/** How one product fared. */
export interface UpdatedLifeCycle {
  readonly product: string;
  readonly title: string;
  /** Of which day its dates are now. */
  readonly asOf: string;
  /** What differs; nothing where it was kept. */
  readonly changes: readonly LifeCycleChange[];
  /** Why it is as it was: what was wrong with what came. */
  readonly kept?: string;
}

export interface UpdateLifeCyclesResult {
  readonly from: string;
  readonly products: readonly UpdatedLifeCycle[];
}

/** The verb. */
export interface LifeCycleVerbs {
  /**
   * Refreshes the dates of support. Either what came is kept, or everything stays as it was.
   * @throws MilleError `usage`, `network` where nobody answers, or no product could be refreshed
   */
  updateLifeCycles(options: UpdateLifeCyclesOptions, signal: AbortSignal): Promise<UpdateLifeCyclesResult>;
}
