import { labelsOfType } from '../../label-schema.ts';
import type { Rule } from '../../rule.ts';

export const labelIsTime: Rule = {
  name: 'LabelIsTime',
  codes: ['DL3053'],
  severity: 'warning',
  summary: 'a label that the schema calls a rfc3339 is a time',
  page: `As RFC 3339 writes it, with the zone: \`2026-01-31T12:00:00Z\`. Only labels of the \`label-schema\` of the
configuration are looked at.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nLABEL created=yesterday',
      at: [2],
      good: 'FROM debian:trixie\nLABEL created=2026-01-31T12:00:00Z',
      options: { labelSchema: { created: 'rfc3339' } },
    },
  ],
  check: (subject) => labelsOfType(subject, { type: 'rfc3339', what: 'a time as RFC 3339 writes it' }),
};
