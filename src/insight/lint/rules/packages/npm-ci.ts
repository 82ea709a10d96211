import { rewriteWords } from '../../command-fix.ts';
import { placed } from '../../placed.ts';
import type { Rule } from '../../rule.ts';
import { aboutWords, commandsOf, hasArgument, operands } from '../../run-commands.ts';

export const npmCi: Rule = {
  name: 'NpmCi',
  severity: 'info',
  summary: 'npm installs what the lock file says',
  page: `\`npm install\` may take newer versions than the lock file has, and writes it anew where the two disagree. \`npm ci\`
takes exactly what it says, fails where it does not fit \`package.json\`, and is faster. Only said where the lock file
is copied.`,
  examples: [
    {
      bad: 'FROM node:24\nWORKDIR /srv\nCOPY package.json package-lock.json ./\nRUN npm install',
      at: [4],
      good: 'FROM node:24\nWORKDIR /srv\nCOPY package.json package-lock.json ./\nRUN npm ci',
    },
  ],
  check: (subject) => {
    const copies = placed(subject, 'copy');
    return commandsOf(subject).flatMap(({ run, command }) => {
      const [verb, ...names] = operands(command);
      if (command.name !== 'npm' || (verb?.text !== 'install' && verb?.text !== 'i') || names.length > 0)
        return [];
      if (hasArgument(command, '-g', '--global')) return [];
      const hasLock = copies.some(
        ({ stage, instruction }) =>
          stage === run.stage &&
          instruction.node.start < run.at.start &&
          instruction.sources.some(({ text }) => /package(-lock|\*|-\*)/.test(text)),
      );
      if (!hasLock) return [];
      return [
        aboutWords(
          run,
          'npm install may take other versions than the lock file has',
          [command.word, verb],
          rewriteWords('write npm ci', [[verb, 'ci']], 'unsafe'),
        ),
      ];
    });
  },
};
