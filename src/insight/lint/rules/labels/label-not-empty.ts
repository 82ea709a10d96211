import { labelsOfSchema } from '../../label-schema.ts';
import { about, unquoted } from '../../placed.ts';
import type { Rule } from '../../rule.ts';

export const labelNotEmpty: Rule = {
  name: 'LabelNotEmpty',
  codes: ['DL3051'],
  severity: 'warning',
  summary: 'a label of the schema has a value',
  page: `A label without a value answers nobody's question. Only labels of the \`label-schema\` of the configuration are
looked at.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nLABEL version=""',
      at: [2],
      good: 'FROM debian:trixie\nLABEL version="1.0"',
      options: { labelSchema: { version: 'text' } },
    },
  ],
  check: (subject) =>
    labelsOfSchema(subject).flatMap(({ pair, instruction }) =>
      unquoted(pair.value.text) === ''
        ? [about(instruction, `the label '${pair.key.text}' is empty`, { word: pair.key })]
        : [],
    ),
};
