import { writtenReference } from '../../base-reference.ts';
import { about, parentStage } from '../../placed.ts';
import type { Rule } from '../../rule.ts';

export const tagBaseImage: Rule = {
  name: 'TagBaseImage',
  codes: ['DL3006'],
  severity: 'warning',
  summary: 'FROM says which version of the image it wants',
  page: `Without a tag the image is \`latest\`: whatever its makers pushed last. The same Dockerfile then builds
another image next month, perhaps one that does not work, and nothing in the file tells which one it was made for.

Name the version as far as you rely on it (\`python:3.13-slim\` gets bug fixes, \`python:3.13.1-slim\` stays), or a
digest behind the tag where it has to be the very same bytes. Stages of the file, \`scratch\` and names that come from
a variable are not reported.`,
  examples: [
    {
      bad: 'FROM debian\nCMD ["bash"]',
      at: [1],
      good: 'FROM debian:trixie-slim\nCMD ["bash"]',
    },
    {
      bad: 'FROM golang AS build\nFROM build AS test',
      at: [1],
      good: 'FROM golang:1.26 AS build\nFROM build AS test',
    },
  ],
  check: ({ dockerfile: { stages } }) =>
    stages.flatMap((stage) => {
      const { from } = stage;
      const { text } = from.base;
      const { name, tag, digest } = writtenReference(text);
      if (tag !== undefined || digest !== undefined || name === 'scratch') return [];
      if (/^["']?\$/.test(name) || parentStage(stages, stage)) return [];
      return [about(from, `'${text}' has no tag, so it is whatever is newest`, { word: from.base })];
    }),
};
