import { labelsOfType } from '../../label-schema.ts';
import type { Rule } from '../../rule.ts';

export const labelIsLicence: Rule = {
  name: 'LabelIsLicence',
  codes: ['DL3054'],
  severity: 'warning',
  summary: 'a label that the schema calls a spdx is a licence',
  page: `One name of the SPDX list, as it is spelt there: \`Apache-2.0\`. Only labels of the \`label-schema\` of the
configuration are looked at.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nLABEL licence="Apache License"',
      at: [2],
      good: 'FROM debian:trixie\nLABEL licence=Apache-2.0',
      options: { labelSchema: { licence: 'spdx' } },
    },
  ],
  check: (subject) => labelsOfType(subject, { type: 'spdx', what: 'a licence of the SPDX list' }),
};
