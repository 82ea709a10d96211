// Rewrites that are fixes of lint's rules: what the rule finds and mends is what the rewrite proposes. What is added here
// is what the fix may change in the image.

import type { Finding, Rule, RuleExample } from '../../lint/index.ts';
import type { Allowance, Claim, Goal, Proposal, Rewrite } from '../rewrite.ts';
import type { Subject } from '../subject.ts';
import { shortened } from '../words.ts';

/** What a rewrite says of a rule's fixes. */
export interface FromLint {
  readonly name: string;
  readonly goal: Goal;
  readonly rule: Rule;
  /** As an order: the rule's own says what should be so. */
  readonly summary: string;
  /** Beside the rule's page. */
  readonly page: string;
  /** Which of the findings are meant; all, where it is absent. */
  readonly only?: (finding: Finding, subject: Subject) => boolean;
  readonly allows: (finding: Finding, subject: Subject) => readonly Allowance[];
  readonly claim: (finding: Finding, subject: Subject) => Claim;
  readonly risk?: string;
  /** Where not all of the rule's are examples of the rewrite too. */
  readonly examples?: readonly Pick<RuleExample, 'bad' | 'good'>[];
}

/** Makes a rewrite of a rule. */
export function fromLint({ rule, page, only, allows, claim, risk, examples, ...own }: FromLint): Rewrite {
  return {
    ...own,
    page: `${page}\n\n${rule.page}`,
    examples: (examples ?? rule.examples).map(({ bad, good }) => ({ before: bad, after: good })),
    propose: (subject) =>
      rule.check(subject.lint).flatMap((finding): Proposal[] => {
        const { fix, span, message, at } = finding;
        if (!fix || fix.edits.length === 0 || at.clause.keyword.text.toLowerCase() === 'onbuild') return [];
        if (only && !only(finding, subject)) return [];
        return [
          {
            ...{
              title: `${fix.title} (${shortened(at.logical.text, 40)})`,
              reason: message,
              span,
              edits: fix.edits,
            },
            ...{ claim: claim(finding, subject), allows: allows(finding, subject) },
            ...(risk === undefined ? {} : { risk }),
          },
        ];
      }),
  };
}
