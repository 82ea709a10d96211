import { buildkitPage, type Rule } from '../rule.ts';

export const maintainerDeprecated: Rule = {
  name: 'MaintainerDeprecated',
  codes: ['DL4000'],
  severity: 'warning',
  summary: 'MAINTAINER is not used',
  url: buildkitPage('maintainer-deprecated'),
  page: `MAINTAINER is deprecated since Docker 1.13. The label \`org.opencontainers.image.authors\` is what took its place,
and what tools look at.`,
  examples: [
    {
      bad: 'FROM alpine\nMAINTAINER ada@example.com',
      at: [2],
      good: 'FROM alpine\nLABEL org.opencontainers.image.authors="ada@example.com"',
    },
  ],
  check: ({ dockerfile }) =>
    dockerfile.instructions.flatMap(({ kind, span, node }) =>
      kind === 'maintainer'
        ? [
            {
              message: 'MAINTAINER is deprecated: use LABEL org.opencontainers.image.authors="…"',
              span,
              at: node,
            },
          ]
        : [],
    ),
};
