import { localSources } from '../../context-facts.ts';
import type { Rule } from '../../rule.ts';

export const ignoreCommentBehind: Rule = {
  name: 'IgnoreCommentBehind',
  severity: 'warning',
  summary: 'comments in .dockerignore have a line of their own',
  page: `In \`.dockerignore\` a \`#\` begins a comment only where it is the first character of its line. Behind a pattern it is a part of
that: \`.git  # history\` leaves out a file of the name \`.git  # history\`, and \`.git\` comes along.`,
  examples: [
    {
      bad: 'FROM node:24\nCOPY . /srv',
      at: [2],
      good: 'FROM node:24\nCOPY . /srv',
      context: { 'app.js': 90, 'notes.txt': 10 },
      ignoreFile: 'notes.txt  # mine\n',
      goodIgnoreFile: '# mine\nnotes.txt\n',
    },
  ],
  check: (subject) => {
    const { ignore, context } = subject;
    if (!ignore || !context) return [];
    const paths = new Set([...context.files.map(({ path }) => path), ...context.hidden]);
    const meant = ignore.rules.find(({ pattern, span: { source, start, end } }) => {
      const line = source.text.slice(start, end);
      return /^!?[^\s#].*\s#/.test(line) && !paths.has(pattern);
    });
    const [first] = localSources(subject) ?? [];
    if (!meant || !first) return [];
    const { source, start } = meant.span;
    const number = source.text.slice(0, start).split('\n').length;
    const message = `line ${number} of ${context.ignoreFile.path} matches nothing: # begins a comment only at the start of a line`;
    return [{ message, span: first.built.spanOf(first.word), at: first.built.at }];
  },
};
