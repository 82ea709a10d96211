import type { Fix } from '../../../core/index.ts';
import type { MaintainerInstruction } from '../../../lang/dockerfile/index.ts';
import { isPlain, unsafeFix } from '../fix.ts';
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
    dockerfile.instructions.flatMap((instruction) => {
      if (instruction.kind !== 'maintainer') return [];
      const { span, node } = instruction;
      const message = 'MAINTAINER is deprecated: use LABEL org.opencontainers.image.authors="…"';
      return [{ message, span, at: node, ...asLabel(instruction) }];
    }),
};

/** The field of the config that MAINTAINER sets is then empty, so it is for the author to say. */
function asLabel({ maintainer, span }: MaintainerInstruction): { readonly fix?: Fix } {
  if (!isPlain(maintainer) || /["\\$`\n]/.test(maintainer.text)) return {};
  const text = `LABEL org.opencontainers.image.authors="${maintainer.text}"`;
  return { fix: unsafeFix('write LABEL', [{ start: span.start, end: span.end, text }]) };
}
