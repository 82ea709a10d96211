import { repeated } from '../../repeated.ts';
import type { Rule } from '../../rule.ts';

export const oneEntrypoint: Rule = {
  name: 'OneEntrypoint',
  codes: ['DL4004'],
  severity: 'error',
  overlaps: 'MultipleInstructionsDisallowed',
  summary: 'a stage has one ENTRYPOINT at most',
  page: `Every ENTRYPOINT takes the place of the one before, so that all but the last are without effect. Reported are those
after the first, as hadolint has it: looked at with \`--compat hadolint\`. MultipleInstructionsDisallowed reports the
ones that are lost.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nENTRYPOINT ["tini", "--"]\nENTRYPOINT ["serve"]',
      at: [3],
      good: 'FROM debian:trixie\nENTRYPOINT ["serve"]',
    },
  ],
  check: (subject) => repeated(subject, 'entrypoint'),
};
