import { repeated } from '../../repeated.ts';
import type { Rule } from '../../rule.ts';

export const oneHealthcheck: Rule = {
  name: 'OneHealthcheck',
  codes: ['DL3012'],
  severity: 'error',
  overlaps: 'MultipleInstructionsDisallowed',
  summary: 'a stage has one HEALTHCHECK at most',
  page: `Every HEALTHCHECK takes the place of the one before, so that all but the last are without effect. Reported are those
after the first, as hadolint has it: looked at with \`--compat hadolint\`. MultipleInstructionsDisallowed reports the
ones that are lost.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nHEALTHCHECK CMD ["check"]\nHEALTHCHECK CMD ["curl", "-f", "http://localhost"]',
      at: [3],
      good: 'FROM debian:trixie\nHEALTHCHECK CMD ["curl", "-f", "http://localhost"]',
    },
  ],
  check: (subject) => repeated(subject, 'healthcheck'),
};
