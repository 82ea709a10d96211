import { about, placed, unquoted } from '../../placed.ts';
import type { Rule } from '../../rule.ts';

export const copyFromKnownStage: Rule = {
  name: 'CopyFromKnownStage',
  codes: ['DL3022'],
  severity: 'warning',
  summary: 'COPY --from names a stage above it, or an image with its tag',
  page: `A name that no stage above has is taken for an image, and fetched from a registry: a misspelt stage becomes
somebody's image of that name. A stage below cannot be copied from. Where it is an image that you mean, write its tag,
or give it a stage of its own (\`FROM nginx:1.29 AS nginx\`), where it is in plain sight.`,
  examples: [
    {
      bad: 'FROM golang:1.26 AS build\nFROM debian:trixie\nCOPY --from=biuld /app /app',
      at: [3],
      good: 'FROM golang:1.26 AS build\nFROM debian:trixie\nCOPY --from=build /app /app',
    },
  ],
  check: (subject) =>
    placed(subject, 'copy').flatMap(({ stage, instruction }) => {
      const { from } = instruction;
      if (!from) return [];
      const name = unquoted(from.text);
      if (name.includes(':') || name.includes('@') || name.toLowerCase() === stage.from.name) return [];
      const above = subject.dockerfile.stages.slice(0, stage.index);
      const isKnown =
        above.some((other) => other.from.name === name.toLowerCase()) ||
        (/^\d+$/.test(name) && Number(name) <= stage.index);
      return isKnown ? [] : [about(instruction, `no stage above is called '${name}'`, { word: from })];
    }),
};
