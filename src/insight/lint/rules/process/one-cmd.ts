import { repeated } from '../../repeated.ts';
import type { Rule } from '../../rule.ts';

export const oneCmd: Rule = {
  name: 'OneCmd',
  codes: ['DL4003'],
  severity: 'warning',
  overlaps: 'MultipleInstructionsDisallowed',
  summary: 'a stage has one CMD at most',
  page: `Every CMD takes the place of the one before, so that all but the last are without effect. Reported are those
after the first, as hadolint has it: looked at with \`--compat hadolint\`. MultipleInstructionsDisallowed reports the
ones that are lost.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nCMD ["debug"]\nCMD ["serve"]',
      at: [3],
      good: 'FROM debian:trixie\nCMD ["serve"]',
    },
  ],
  check: (subject) => repeated(subject, 'cmd'),
};
