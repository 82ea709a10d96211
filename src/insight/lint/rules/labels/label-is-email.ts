import { labelsOfType } from '../../label-schema.ts';
import type { Rule } from '../../rule.ts';

export const labelIsEmail: Rule = {
  name: 'LabelIsEmail',
  codes: ['DL3058'],
  severity: 'warning',
  summary: 'a label that the schema calls an email is one',
  page: `An address for mail, without a name around it. Only labels of the \`label-schema\` of the configuration are looked at.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nLABEL contact=ada',
      at: [2],
      good: 'FROM debian:trixie\nLABEL contact=ada@example.com',
      options: { labelSchema: { contact: 'email' } },
    },
  ],
  check: (subject) => labelsOfType(subject, { type: 'email', what: 'an address for mail' }),
};
