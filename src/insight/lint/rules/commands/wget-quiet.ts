import { insertFlag } from '../../command-fix.ts';
import { hasAny } from '../../package-installs.ts';
import type { Rule } from '../../rule.ts';
import { aboutWords, commandsOf, hasArgument } from '../../run-commands.ts';

const SAYS_SO = [
  'progress',
  'q',
  'quiet',
  'o',
  'output-file',
  'a',
  'append-output',
  'no-verbose',
  'show-progress',
];

export const wgetQuiet: Rule = {
  name: 'WgetQuiet',
  codes: ['DL3047'],
  severity: 'info',
  summary: 'wget draws no progress bar',
  page: `Without a terminal wget writes a line for every fifty kilobytes: a download of 100 MB fills the log of the build
with two thousand of them. \`-nv\` says what came and what failed; \`--progress=dot:giga\` a line for every 32 MB (not
in the wget of busybox).`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN wget https://example.com/big.tar.gz',
      at: [2],
      good: 'FROM debian:trixie\nRUN wget -nv https://example.com/big.tar.gz',
    },
  ],
  check: (subject) =>
    commandsOf(subject).flatMap(({ run, command }) => {
      if (command.name !== 'wget' || hasAny(command, SAYS_SO) || hasArgument(command, '-nv')) return [];
      return [
        aboutWords(
          run,
          'wget fills the log with its progress',
          [command.word],
          insertFlag(command.word, '-nv'),
        ),
      ];
    }),
};
