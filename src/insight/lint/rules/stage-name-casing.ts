import { rewrite } from '../fix.ts';
import { buildkitPage, type Rule } from '../rule.ts';

export const stageNameCasing: Rule = {
  name: 'StageNameCasing',
  severity: 'warning',
  summary: 'names of stages are in lower case',
  url: buildkitPage('stage-name-casing'),
  page: `A stage is kept under its name in lower case, whatever was written after AS. \`COPY --from\` and \`--target\`
find it in any case, FROM only in lower case. Written in lower case everywhere, a name is the same in every place.`,
  examples: [
    {
      bad: 'FROM alpine AS Builder\nRUN make\nFROM scratch\nCOPY --from=builder /out /',
      at: [1],
      good: 'FROM alpine AS builder\nRUN make\nFROM scratch\nCOPY --from=builder /out /',
    },
  ],
  check: ({ dockerfile }) =>
    dockerfile.stages.flatMap(({ from }) =>
      from.as && from.as.text !== from.name
        ? [
            {
              message: `the stage name '${from.as.text}' should be in lower case`,
              span: from.as.span,
              at: from.node,
              ...rewrite(from.as, from.name as string),
            },
          ]
        : [],
    ),
};
