import { labelsOfType } from '../../label-schema.ts';
import type { Rule } from '../../rule.ts';

export const labelIsUrl: Rule = {
  name: 'LabelIsUrl',
  codes: ['DL3052'],
  severity: 'warning',
  summary: 'a label that the schema calls a url is one',
  page: `An address with its scheme: \`https://example.com/source\`. Only labels of the \`label-schema\` of the configuration
are looked at.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nLABEL source=example',
      at: [2],
      good: 'FROM debian:trixie\nLABEL source=https://example.com/source',
      options: { labelSchema: { source: 'url' } },
    },
  ],
  check: (subject) => labelsOfType(subject, { type: 'url', what: 'an address' }),
};
