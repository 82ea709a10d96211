// What some rules have to be told before they can find anything.

/** What the value of a label may be. */
export const LABEL_KINDS = ['text', 'rfc3339', 'semver', 'url', 'hash', 'spdx', 'email'] as const;

/** One of them. */
export type LabelKind = (typeof LABEL_KINDS)[number];

/** Options of the rules. */
export interface LintOptions {
  /** Registries that FROM may use, `*` for any text; none: all of them. */
  readonly trustedRegistries: readonly string[];
  /** Labels that an image has to have, and what they hold. */
  readonly labelSchema: Readonly<Record<string, LabelKind>>;
  /** Labels that are not in the schema are findings. */
  readonly strictLabels: boolean;
  /** The day it is, as `YYYY-MM-DD`; without it nothing is said about the age of anything. */
  readonly today?: string;
}

/** Nothing asked for. */
export const DEFAULT_LINT_OPTIONS: LintOptions = {
  trustedRegistries: [],
  labelSchema: {},
  strictLabels: false,
};
