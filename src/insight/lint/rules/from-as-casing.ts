import { changeCase, isOneCase } from '../casing.ts';
import { rewrite } from '../fix.ts';
import { buildkitPage, type Rule } from '../rule.ts';

export const fromAsCasing: Rule = {
  name: 'FromAsCasing',
  severity: 'warning',
  summary: 'AS is in the case of its FROM',
  url: buildkitPage('from-as-casing'),
  page: `Keywords may be in any case. FROM and AS are two keywords of one line and read better in the same one. A FROM
that mixes both (\`From\`) is the business of ConsistentInstructionCasing.`,
  examples: [
    {
      bad: 'FROM alpine as build\nfrom build AS test',
      at: [1, 2],
      good: 'FROM alpine AS build\nfrom build as test',
    },
  ],
  check: ({ dockerfile }) =>
    dockerfile.stages.flatMap(({ from: { as: name, node } }) => {
      const keyword = node.clause.keyword.text;
      const as = node.clause.args[1];
      if (!name || !as || !isOneCase(keyword)) return [];
      const right = changeCase(as.text, keyword === keyword.toLowerCase() ? 'lower' : 'upper');
      if (as.text === right) return [];
      const message = `'${as.text}' and '${keyword}' should be in the same case`;
      return [{ message, span: as.span, at: node, ...rewrite(as, right) }];
    }),
};
