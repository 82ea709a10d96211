// What `explain` takes and gives.

import type { Language } from '../../insight/explain/index.ts';

export type { Language };

/** A page that was asked for. */
export interface ExplainedPage {
  /** What it is called: `CMD`, `cmd-or-entrypoint`, `JSONArgsRecommended`. */
  readonly name: string;
  readonly kind: 'instruction' | 'part' | 'topic' | 'rule';
  readonly markdown: string;
}

/** A page that can be asked for. */
export interface ExplainableRow {
  readonly name: string;
  readonly kind: ExplainedPage['kind'];
  /** One sentence. */
  readonly summary: string;
  /** Of a rule: what other linters call it. */
  readonly codes?: readonly string[];
}

/** The verbs. */
export interface ExplainVerbs {
  /**
   * The page of an instruction, a question or a rule.
   * @throws MilleError `usage` where there is none, with what was perhaps meant
   */
  explain(words: readonly string[], language: Language): Promise<ExplainedPage>;
  /** All pages there are: those for learners, then the rules. */
  explainable(language: Language): Promise<readonly ExplainableRow[]>;
}
