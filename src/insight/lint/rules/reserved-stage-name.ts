import { buildkitPage, type Rule } from '../rule.ts';

const RESERVED = new Set(['context', 'scratch']);

export const reservedStageName: Rule = {
  name: 'ReservedStageName',
  codes: ['DL3063'],
  severity: 'warning',
  summary: 'no stage has the name of something else',
  url: buildkitPage('reserved-stage-name'),
  page: `\`scratch\` is the empty image and \`context\` the build context. A stage of that name hides behind it, or hides
it, depending on where it is used.`,
  examples: [
    {
      bad: 'FROM alpine AS scratch\nFROM scratch',
      at: [1],
      good: 'FROM alpine AS tools\nFROM scratch',
    },
  ],
  check: ({ dockerfile: { stages }, complete }) =>
    (complete ? stages : []).flatMap(({ from: { name, as, node } }) =>
      name !== undefined && as && RESERVED.has(name)
        ? [{ message: `the stage name '${name}' is reserved`, span: as.span, at: node }]
        : [],
    ),
};
