import { isPlain, safeFix } from '../../fix.ts';
import { about, placed, unquoted } from '../../placed.ts';
import type { Rule } from '../../rule.ts';

export const copyManyToDirectory: Rule = {
  name: 'CopyManyToDirectory',
  codes: ['DL3021'],
  severity: 'error',
  summary: 'COPY of several files has a destination that ends with /',
  page: `Several files can only go into a directory, and it is the slash at the end that says that the destination is one.
Without it the build fails (but for \`.\`, which could not be anything else).`,
  examples: [
    {
      bad: 'FROM node:24\nCOPY package.json package-lock.json /app',
      at: [2],
      good: 'FROM node:24\nCOPY package.json package-lock.json /app/',
    },
  ],
  check: (subject) =>
    placed(subject, 'copy').flatMap(({ instruction }) => {
      const { destination, sources, inlineFiles } = instruction;
      const path = unquoted(destination.text);
      if (sources.length + inlineFiles.length < 2 || path.endsWith('/')) return [];
      const quote = path === destination.text ? 0 : 1;
      const at = destination.span.end - quote;
      const isExact = isPlain(destination) && !path.endsWith('\\');
      return [
        about(instruction, `the destination '${path}' of several files has to end with /`, {
          word: destination,
          fix: isExact ? safeFix(`write ${path}/`, [{ start: at, end: at, text: '/' }]) : undefined,
        }),
      ];
    }),
};
