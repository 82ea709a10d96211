// What a check finds in a text the user wrote, and the change that would put it right. Checks make these values;
// `front/report` shows them, and whoever rewrites a file applies the edits.

import type { Span } from './span.ts';

/** Puts `text` in place of the source's characters from `start` to `end`. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A change of the source after which a diagnostic is gone. */
export interface Fix {
  /** What it does, as an order: `write AS`. */
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /**
   * `safe` (the default): the image does what it did; at most it is without what it has no use for. `unsafe`: that
   * depends on what only the author knows, so it is shown before it is made.
   */
  readonly fixClass?: 'safe' | 'unsafe';
  /** What it does to other files. */
  readonly addedLines?: readonly AddedLines[];
}

/** Lines for the end of another file, which is made where it is not there. What it has already is not added again. */
export interface AddedLines {
  /** As people read it: from the working directory, or absolute. */
  readonly path: string;
  readonly lines: readonly string[];
}

/** How much a finding matters. */
export type Severity = 'error' | 'warning' | 'info' | 'style';

/** Something a check found. */
export interface Diagnostic {
  /** The name of the rule, by which it is skipped: `StageNameCasing`. */
  readonly rule: string;
  /** What hadolint and ShellCheck call it: `DL3008`. */
  readonly codes?: readonly string[];
  readonly severity: Severity;
  /** What the rule asks for, the same for all its diagnostics. */
  readonly summary: string;
  /** A page about the rule. */
  readonly url?: string;
  readonly message: string;
  /** What is meant, as precisely as it is known. */
  readonly span: Span;
  /** The lines of the whole instruction, from 1, both included. */
  readonly lines: LineRange;
  readonly fix?: Fix;
  /** What the instruction cost when it was last built, where that is known. */
  readonly cost?: BuildCost;
}

/** What a step of a build took, and left behind. */
export interface BuildCost {
  readonly seconds: number;
  /** Of its layer, where it made one. */
  readonly bytes?: number;
  /** When that build began: milliseconds since the epoch. */
  readonly built: number;
}

/** First and last line, from 1, both included. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}
