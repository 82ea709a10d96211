import type { Stage } from '../../../../lang/dockerfile/index.ts';
import { about, lineage, unquoted } from '../../placed.ts';
import type { Rule } from '../../rule.ts';

export const labelMissing: Rule = {
  name: 'LabelMissing',
  codes: ['DL3049'],
  severity: 'info',
  summary: 'every label of the schema is there',
  page: `Each label of the \`label-schema\` of the configuration is expected in every stage that could be the image: in the
stage itself or in one below it. A stage that another one stands on or copies from need not have it.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nCMD ["serve"]',
      at: [1],
      good: 'FROM debian:trixie\nLABEL version=1.0\nCMD ["serve"]',
      options: { labelSchema: { version: 'text' } },
    },
  ],
  check: ({ dockerfile: { stages }, options }) =>
    Object.keys(options.labelSchema).flatMap((label) => {
      const hasLabel = (stage: Stage) =>
        stage.instructions.some(
          (one) => one.kind === 'label' && one.pairs.some(({ key }) => unquoted(key.text) === label),
        );
      return stages.flatMap((stage) => {
        if (isUsed(stages, stage) || lineage(stages, stage).some(hasLabel)) return [];
        return [about(stage.from, `the label '${label}' is missing`, { word: stage.from.base })];
      });
    }),
};

/** Whether a later stage stands on one, or copies from it by its name. */
function isUsed(stages: readonly Stage[], { index, from: { name } }: Stage): boolean {
  return stages.slice(index + 1).some(({ from, instructions }) => {
    if (name === undefined) return false;
    if (from.base.text.toLowerCase() === name) return true;
    return instructions.some((one) => one.kind === 'copy' && one.from?.text.toLowerCase() === name);
  });
}
