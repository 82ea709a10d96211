import { labelsOfType } from '../../label-schema.ts';
import type { Rule } from '../../rule.ts';

export const labelIsVersion: Rule = {
  name: 'LabelIsVersion',
  codes: ['DL3056'],
  severity: 'warning',
  summary: 'a label that the schema calls a semver is a version',
  page: `Three numbers, and optionally what is before a release or of a build: \`1.2.3-rc.1+build.5\`. Only labels of the
\`label-schema\` of the configuration are looked at.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nLABEL version=1.0',
      at: [2],
      good: 'FROM debian:trixie\nLABEL version=1.0.0',
      options: { labelSchema: { version: 'semver' } },
    },
  ],
  check: (subject) => labelsOfType(subject, { type: 'semver', what: 'a semantic version' }),
};
