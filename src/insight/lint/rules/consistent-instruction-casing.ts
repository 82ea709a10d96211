import { changeCase, isOneCase } from '../casing.ts';
import { rewrite } from '../fix.ts';
import { buildkitPage, type Rule } from '../rule.ts';

export const consistentInstructionCasing: Rule = {
  name: 'ConsistentInstructionCasing',
  severity: 'warning',
  summary: 'all instructions are in the same case',
  url: buildkitPage('consistent-instruction-casing'),
  page: `Keywords may be in any case, and by habit are in capitals. What most of a file's instructions have is what the
others should have; where there are as many of both, it is capitals. ARG before the first FROM does not count.`,
  examples: [
    {
      bad: 'FROM alpine\nRun apk add curl\nWORKDIR /app\nuser 1000',
      at: [2, 4],
      good: 'FROM alpine\nRUN apk add curl\nWORKDIR /app\nUSER 1000',
    },
  ],
  check: ({ dockerfile, complete }) => {
    if (!complete) return [];
    const nodes = dockerfile.stages.flatMap(({ from, instructions }) => [
      from.node,
      ...instructions.map(({ node }) => node),
    ]);
    const words = nodes.map((node) => node.clause.keyword.text).filter(isOneCase);
    const lower = words.filter((word) => word === word.toLowerCase()).length;
    const wanted = lower > words.length - lower ? 'lower' : 'upper';
    return nodes.flatMap((node) => {
      const { keyword } = node.clause;
      const right = changeCase(keyword.text, wanted);
      if (keyword.text === right) return [];
      const message = `'${keyword.text}' should be in ${wanted} case, like most instructions of the file`;
      return [{ message, span: keyword.span, at: node, ...rewrite(keyword, right) }];
    });
  },
};
