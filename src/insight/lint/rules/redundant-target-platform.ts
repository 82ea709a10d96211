import { buildkitPage, type Finding, type Rule } from '../rule.ts';

const TARGET = 'TARGETPLATFORM';

export const redundantTargetPlatform: Rule = {
  name: 'RedundantTargetPlatform',
  codes: ['DL3065'],
  severity: 'warning',
  summary: 'FROM does not ask for the platform it has anyway',
  url: buildkitPage('redundant-target-platform'),
  page: `A stage is built for the target platform unless FROM says otherwise, so \`--platform=$TARGETPLATFORM\` says
nothing. \`--platform=$BUILDPLATFORM\` is the useful one: for stages whose tools should run without emulation.`,
  examples: [
    {
      bad: 'FROM --platform=$TARGETPLATFORM alpine AS base',
      at: [1],
      good: 'FROM alpine AS base',
    },
  ],
  check: ({ froms }) =>
    froms.facts.flatMap(({ from, platform }): Finding[] => {
      const isTarget =
        platform?.used.length === 1 &&
        platform.used[0] === TARGET &&
        platform.unset.length === 0 &&
        platform.text === froms.values.get(TARGET);
      if (!isTarget || !from.platform) return [];
      const flag = from.node.clause.flags.find(({ name }) => name === 'platform');
      const { source, start, end } = flag?.span ?? from.platform.span;
      const space = /^[ \t]+/.exec(source.text.slice(end))?.[0];
      return [
        {
          message: `the platform ${from.platform.text} is the default`,
          span: from.platform.span,
          at: from.node,
          ...(flag && space !== undefined
            ? { fix: { title: 'remove it', edits: [{ start, end: end + space.length, text: '' }] } }
            : {}),
        },
      ];
    }),
};
