// What a rule is: one object in one file, which holds everything there is about it. The registry is a list of them;
// the documentation and the tests of the examples are made from it. In which list a rule stands (rules/index.ts) says
// whether builds look at it too.

import type { Fix, LineRange, Severity, Span } from '../../core/index.ts';
import type { InstructionNode } from '../../lang/dockerfile/index.ts';
import type { LintOptions } from './options.ts';
import type { LintSubject } from './subject.ts';

/** A rule. */
export interface Rule {
  /** What it is called, in messages as where it is skipped. Rules of BuildKit have BuildKit's names. */
  readonly name: string;
  /** What hadolint and ShellCheck call it: `DL3008`, `SC2086`. They work wherever the name does. */
  readonly codes?: readonly string[];
  readonly severity: Severity;
  /** One sentence: what should be so. */
  readonly summary: string;
  /** Looked at only where it is asked for (`# check=experimental=…`, `--select`). */
  readonly experimental?: boolean;
  /** Looked at by `mille lint` only where it is selected, or where an option that it needs is given. */
  readonly optional?: boolean;
  /**
   * The rule of BuildKit that says the same in other places. This one is then only looked at where hadolint's rules are
   * asked for, so that nothing is said twice.
   */
  readonly overlaps?: string;
  /** What others say about the same rule. */
  readonly url?: string;
  /** Why, and what to do: paragraphs in Markdown, for docs/checks.md. */
  readonly page: string;
  readonly examples: readonly RuleExample[];
  /** Finds what is not so. Pure; the order is free. */
  readonly check: (subject: LintSubject) => readonly Finding[];
}

/** Something a rule found in an instruction. */
export interface Finding {
  readonly message: string;
  /** What is meant within the instruction. */
  readonly span: Span;
  /** The instruction: its lines are reported, and a `check=skip=…` in the comments above it counts. */
  readonly at: InstructionNode;
  /** The lines to report where they are not those of the instruction. */
  readonly lines?: LineRange;
  /** The codes that are meant, where not all of the rule's are. */
  readonly codes?: readonly string[];
  /** How much it matters, where that is not what the rule says. */
  readonly severity?: Severity;
  readonly fix?: Fix;
}

/** A Dockerfile with findings of the rule, and what it should be. Both are shown and tested. */
export interface RuleExample {
  readonly bad: string;
  /** First lines of the findings, in order. */
  readonly at: readonly number[];
  /** Without findings. Where every finding has a fix it is exactly what the fixes make of `bad`. */
  readonly good: string;
  /** The text of the ignore file. */
  readonly ignoreFile?: string;
  /** Files of the context, with their sizes. */
  readonly context?: Readonly<Record<string, number>>;
  /** The ignore file with which there are no findings, where it is that which changes. */
  readonly goodIgnoreFile?: string;
  /** Platforms of the base images that are there, by reference. */
  readonly images?: Readonly<Record<string, string>>;
  /** Options of the rules. */
  readonly options?: Partial<LintOptions>;
}

/** Docker's page about a rule that BuildKit has too. */
export function buildkitPage(slug: string): string {
  return `https://docs.docker.com/go/dockerfile/rule/${slug}/`;
}
