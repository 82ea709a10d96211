import { about, placed, unquoted } from '../../placed.ts';
import type { Rule } from '../../rule.ts';

export const labelSuperfluous: Rule = {
  name: 'LabelSuperfluous',
  codes: ['DL3050'],
  severity: 'info',
  summary: 'no label but those of the schema is there',
  page: `Only looked at where the configuration says \`strict-labels\`: a label that its \`label-schema\` does not name is
then one too many, misspelt most likely.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nLABEL verison=1.0',
      at: [2],
      good: 'FROM debian:trixie\nLABEL version=1.0',
      options: { labelSchema: { version: 'text' }, strictLabels: true },
    },
  ],
  check: (subject) => {
    const { labelSchema, strictLabels } = subject.options;
    if (!strictLabels) return [];
    return placed(subject, 'label').flatMap(({ instruction }) => {
      const extra = instruction.pairs.find(({ key }) => !Object.hasOwn(labelSchema, unquoted(key.text)));
      if (!extra) return [];
      return [about(instruction, `the schema knows no label '${extra.key.text}'`, { word: extra.key })];
    });
  },
};
