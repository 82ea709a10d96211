import type { InstructionNode } from '../../../../lang/dockerfile/index.ts';
import type { Rule } from '../../rule.ts';

export const instructionBeforeFrom: Rule = {
  name: 'InstructionBeforeFrom',
  codes: ['DL3061'],
  severity: 'error',
  summary: 'nothing but ARG stands before the first FROM',
  page: `FROM opens a stage, and every other instruction belongs to one. ARG alone may stand above it, for a value that FROM
itself uses (\`ARG VERSION=3.13\` and \`FROM python:$VERSION\`). The build fails at anything else.`,
  examples: [
    {
      bad: 'ENV A=1\nFROM debian:trixie',
      at: [1],
      good: 'FROM debian:trixie\nENV A=1',
    },
  ],
  check: ({ dockerfile: { tree } }) => {
    const nodes = tree.nodes.filter((node): node is InstructionNode => node.kind === 'instruction');
    const keyword = ({ clause }: InstructionNode) => clause.keyword.text.toLowerCase();
    const first = nodes.findIndex((node) => keyword(node) === 'from');
    return nodes.slice(0, first < 0 ? nodes.length : first).flatMap((node) => {
      if (keyword(node) === 'arg') return [];
      const message = `${node.clause.keyword.text.toUpperCase()} stands before the first FROM`;
      return [{ message, span: node.clause.keyword.span, at: node }];
    });
  },
};
