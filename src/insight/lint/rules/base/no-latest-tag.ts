import { writtenReference } from '../../base-reference.ts';
import { about } from '../../placed.ts';
import type { Rule } from '../../rule.ts';

export const noLatestTag: Rule = {
  name: 'NoLatestTag',
  codes: ['DL3007'],
  severity: 'warning',
  summary: 'the base image is not taken by the tag latest',
  page: `\`latest\` is a tag like any other; it only happens to move with every release. A build of today and one of
next year start from different systems, and a cached one from a third. Write the version you have tested.

A digest behind the tag settles it, so \`image:latest@sha256:…\` is not reported.`,
  examples: [{ bad: 'FROM node:latest', at: [1], good: 'FROM node:24-slim' }],
  check: ({ dockerfile: { stages } }) =>
    stages.flatMap(({ from }) => {
      const { name, tag, digest } = writtenReference(from.base.text);
      if (tag !== 'latest' || digest !== undefined) return [];
      return [about(from, `'${name}:latest' is another image with every release`, { word: from.base })];
    }),
};
