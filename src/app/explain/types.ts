// What `explain` takes and gives.

import type { Diagnostic } from '../../core/index.ts';
import type { Language, LineFacts } from '../../insight/explain/index.ts';

export type { Language, LineFacts };

/** A page that was asked for. */
export interface ExplainedPage {
  /** What it is called: `CMD`, `cmd-or-entrypoint`, `COPY --chown`, `JSONArgsRecommended`. */
  readonly name: string;
  readonly kind: 'instruction' | 'part' | 'flag' | 'topic' | 'rule' | 'rewrite';
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

/** A Dockerfile to be explained. */
export interface ExplainFileRequest {
  /** A path, or '-' for standard input. */
  readonly file: string;
  /** The build context; by default the file's own. */
  readonly context?: string;
  /** A line of it, from 1; all instructions if not given. */
  readonly line?: number;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly language: Language;
}

/** An instruction of it. */
export interface ExplainedLine {
  readonly facts: LineFacts;
  readonly findings: readonly Diagnostic[];
  readonly markdown: string;
}

/** A Dockerfile, explained. */
export interface ExplainedFile {
  /** As it was given. */
  readonly file: string;
  /** Those asked for, in its order. */
  readonly lines: readonly ExplainedLine[];
}

/** The verbs. */
export interface ExplainVerbs {
  /**
   * The page of an instruction, of its flags, of a question, a rule or a rewrite.
   * @throws MilleError `usage` where there is none, with what was perhaps meant
   */
  explain(words: readonly string[], language: Language): Promise<ExplainedPage>;
  /**
   * A Dockerfile, line by line. What cannot be understood is said to be unknown.
   * @throws MilleError `dockerfile-missing`; `usage` for a line without an instruction
   */
  explainFile(request: ExplainFileRequest): Promise<ExplainedFile>;
  /** All pages there are: those for learners, then the rules, then the rewrites. */
  explainable(language: Language): Promise<readonly ExplainableRow[]>;
}
