import { about, placed, unquoted } from '../../placed.ts';
import type { Rule } from '../../rule.ts';

export const copyWholeFileSystem: Rule = {
  name: 'CopyWholeFileSystem',
  codes: ['DL3067'],
  severity: 'warning',
  summary: 'COPY --from takes what is needed, and not all of a file system',
  page: `\`COPY --from=build / /\` brings compilers, caches and sources along, which is what the stage was made to leave
behind, and lays its system over the one below. Copy what the program needs. To carry on where a stage ended, stand
on it: \`FROM build\`.

Onto \`FROM scratch\` it makes one layer of many, and gives up sharing of the base.`,
  examples: [
    {
      bad: 'FROM golang:1.26 AS build\nFROM debian:trixie\nCOPY --from=build / /',
      at: [3],
      good: 'FROM golang:1.26 AS build\nFROM debian:trixie\nCOPY --from=build /go/bin/app /usr/local/bin/',
    },
  ],
  check: (subject) =>
    placed(subject, 'copy').flatMap(({ instruction }) => {
      const { from, sources, destination } = instruction;
      const source = sources.find(({ text }) => unquoted(text) === '/');
      if (!from || !source || unquoted(destination.text) !== '/') return [];
      return [about(instruction, `all of '${from.text}' is copied`, { word: source })];
    }),
};
