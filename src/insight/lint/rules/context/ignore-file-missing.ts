import { ignoreFix, localSources } from '../../context-facts.ts';
import type { Rule } from '../../rule.ts';
import { leftovers, secretFiles } from '../../unwanted-files.ts';

export const ignoreFileMissing: Rule = {
  name: 'IgnoreFileMissing',
  severity: 'info',
  summary: 'a context that is copied as a whole has a .dockerignore',
  page: `\`COPY . .\` takes everything in the directory, and what is there tomorrow too: \`.git\`, an \`.env\`, what a tool leaves
behind. Each change of any of it runs the steps after it again. A \`.dockerignore\` at the top of the context says what stays
out.`,
  examples: [
    {
      bad: 'FROM node:22\nCOPY . /app',
      at: [2],
      good: 'FROM node:22\nCOPY . /app',
      context: { 'app.js': 90 },
      goodIgnoreFile: '.git\n.env*\n.dockerignore\nDockerfile*\n',
    },
  ],
  check: (subject) => {
    const { context } = subject;
    if (!context || context.ignoreFile.exists) return [];
    const whole = localSources(subject)?.find(
      ({ path, wildcard }) => path === '' || (wildcard && path === '*'),
    );
    if (!whole) return [];
    const { built, word, instruction } = whole;
    // Where something is there that should not be copied, other rules say so, and write the file.
    if ([...leftovers(context.files, context.files), ...secretFiles(context.files)].length > 0) return [];
    const lines = ['.git', '.env*', '.dockerignore', 'Dockerfile*'];
    const name = instruction.kind.toUpperCase();
    const message = `${name} takes all of the context, and there is no .dockerignore that leaves anything out`;
    return [
      {
        message,
        span: built.spanOf(word),
        at: built.at,
        ...ignoreFix(context, lines, 'what hardly anybody wants'),
      },
    ];
  },
};
