// The rules over a subject: diagnostics in the order of the file.

import type { Diagnostic } from '../../core/index.ts';
import type { CheckOptions } from '../../lang/dockerfile/index.ts';
import { checkOptionsOfComments } from '../../lang/dockerfile/index.ts';
import { isOn, optionsUnder } from './check-options.ts';
import type { Finding, Rule } from './rule.ts';
import type { LintSubject } from './subject.ts';

/** What the rules find that are on. */
export function runRules(
  rules: readonly Rule[],
  subject: LintSubject,
  options: CheckOptions,
): readonly Diagnostic[] {
  const comments = subject.dockerfile.instructions.some(({ node }) => checkOptionsOfComments(node.comments));
  const found = rules.flatMap((rule) => {
    // A comment can only turn an experimental rule on, and any other one off.
    if (!isOn(rule, options) && !(rule.experimental && comments)) return [];
    return rule
      .check(subject)
      .filter(({ at }) => isOn(rule, optionsUnder(options, at.comments)))
      .map((finding) => diagnosticOf(rule, finding));
  });
  return inOrder(found);
}

/** Diagnostics in the order of the file. */
export function inOrder(found: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...found].sort((a, b) => a.lines.first - b.lines.first || a.span.start - b.span.start);
}

/** What a rule found, with what the rule says of it. */
export function diagnosticOf(
  rule: Rule,
  { message, span, at, lines, fix, codes = rule.codes, severity = rule.severity }: Finding,
): Diagnostic {
  return {
    rule: rule.name,
    ...(codes ? { codes } : {}),
    severity,
    summary: rule.summary,
    ...(rule.url === undefined ? {} : { url: rule.url }),
    message,
    span,
    lines: lines ?? { first: at.line, last: at.endLine },
    ...(fix ? { fix } : {}),
  };
}
