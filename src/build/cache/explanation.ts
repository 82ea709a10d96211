// What is known of why a step could not be reused.

import type { Digest, MissReason } from '../../core/index.ts';
import type { Difference } from './compare.ts';

/** The earlier record that a step was compared with. */
export interface ComparedRecord {
  /** The build that made it. */
  readonly buildId: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  /** How long the step took then. */
  readonly seconds: number;
  /** The instruction as it was written then. */
  readonly instruction: string;
  /** The layer that it made. */
  readonly layer?: Digest;
}

/** A step compared with the closest earlier one. */
export interface Comparison {
  readonly record: ComparedRecord;
  /** Everything that differs; nothing where only the record's layer was missing. Values as `storedInput` leaves them. */
  readonly differences: readonly Difference[];
  /** How many files the step reads now. */
  readonly files: number;
}

/** Why a step could not be reused. */
export interface Explanation {
  /** In words, at least one. */
  readonly reasons: readonly MissReason[];
  /** Absent where there was nothing to compare with. */
  readonly comparison?: Comparison;
}
