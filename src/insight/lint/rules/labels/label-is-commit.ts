import { labelsOfType } from '../../label-schema.ts';
import type { Rule } from '../../rule.ts';

export const labelIsCommit: Rule = {
  name: 'LabelIsCommit',
  codes: ['DL3055'],
  severity: 'warning',
  summary: 'a label that the schema calls a hash is a commit',
  page: `The whole name of a git commit, forty digits, or its first seven. Only labels of the \`label-schema\` of the
configuration are looked at.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nLABEL revision=main',
      at: [2],
      good: 'FROM debian:trixie\nLABEL revision=0123abc',
      options: { labelSchema: { revision: 'hash' } },
    },
  ],
  check: (subject) => labelsOfType(subject, { type: 'hash', what: 'the name of a git commit' }),
};
