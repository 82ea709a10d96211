// What a comparison of the original's image and a rewrite's comes to.

import type { ConfigChange, FileChange } from '../differences/index.ts';
import type { Allowance } from '../optimize/index.ts';

/** What was found. */
export interface Verdict {
  /** Nothing differs that may not. */
  readonly same: boolean;
  /** What differs and may not, by path. */
  readonly files: readonly FileChange[];
  readonly config: readonly ConfigChange[];
  /** What differs as it was said it would, by what allows it. */
  readonly allowed: readonly AllowedChange[];
  /** Paths that differ, and differ between two builds of the original as well. */
  readonly noise: readonly string[];
}

/** What one allowance covers. */
export interface AllowedChange {
  readonly allowance: Allowance;
  readonly paths: number;
  /** Bytes that the image lost by it; negative for what it got. */
  readonly bytes: number;
}
