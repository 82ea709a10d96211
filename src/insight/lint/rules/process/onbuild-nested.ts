import type { InstructionNode } from '../../../../lang/dockerfile/index.ts';
import type { Rule } from '../../rule.ts';

const NOT_INSIDE = new Set(['onbuild', 'from', 'maintainer']);

export const onbuildNested: Rule = {
  name: 'OnbuildNested',
  codes: ['DL3043'],
  severity: 'error',
  summary: 'ONBUILD holds no ONBUILD, FROM or MAINTAINER',
  page: `What stands after ONBUILD runs in the build that stands on this image, right after its FROM. A FROM there would
leave the stage, an ONBUILD would speak of a build after that one, and MAINTAINER of somebody else. The build fails.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nONBUILD ONBUILD RUN make',
      at: [2],
      good: 'FROM debian:trixie\nONBUILD RUN make',
    },
  ],
  check: ({ dockerfile: { tree } }) =>
    tree.nodes
      .filter((node): node is InstructionNode => node.kind === 'instruction')
      .flatMap((node) => {
        const keyword = node.clause.trigger?.keyword;
        if (!keyword || !NOT_INSIDE.has(keyword.text.toLowerCase())) return [];
        const message = `${keyword.text.toUpperCase()} cannot stand after ONBUILD`;
        return [{ message, span: keyword.span, at: node }];
      }),
};
