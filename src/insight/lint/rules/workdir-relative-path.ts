import { buildkitPage, type Rule } from '../rule.ts';

export const workdirRelativePath: Rule = {
  name: 'WorkdirRelativePath',
  codes: ['DL3000'],
  severity: 'warning',
  summary: 'the first WORKDIR of a build is an absolute path',
  url: buildkitPage('workdir-relative-path'),
  page: `A relative WORKDIR goes on from the one before it. The first one goes on from whatever the base image has, which
another version of the image may have changed. After an absolute WORKDIR relative ones are fine.`,
  examples: [
    {
      bad: 'FROM alpine\nWORKDIR app\nWORKDIR src',
      at: [2],
      good: 'FROM alpine\nWORKDIR /app\nWORKDIR src',
    },
  ],
  check: ({ built }) =>
    built.flatMap(({ instruction, before, expansions, at, spanOf }) => {
      if (instruction.kind !== 'workdir' || before.workdirSet) return [];
      const path = expansions[0]?.expansion.text;
      if (path === undefined || path.startsWith('/')) return [];
      const message = `the relative WORKDIR '${path}' goes on from whatever the base image has`;
      return [{ message, span: spanOf(instruction.path), at }];
    }),
};
