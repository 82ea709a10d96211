import type { Rule } from '../../rule.ts';
import { aboutWords, commandsOf } from '../../run-commands.ts';

export const noSudo: Rule = {
  name: 'NoSudo',
  codes: ['DL3004'],
  severity: 'error',
  summary: 'RUN uses no sudo',
  page: `A RUN is root until USER says otherwise: where root is needed, put it above USER, or switch with \`USER root\` and
back. \`sudo\` wants a terminal, changes the environment, and leaves in the image a way to become root. For a program
that starts as root and goes on as somebody else there are \`gosu\`, \`su-exec\` and \`setpriv\`, which put it in their
own place, so that signals reach it.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN sudo make install',
      at: [2],
      good: 'FROM debian:trixie\nRUN make install',
    },
  ],
  check: (subject) =>
    commandsOf(subject).flatMap(({ run, command }) =>
      command.name === 'sudo' ? [aboutWords(run, 'sudo is of no use in a build', [command.word])] : [],
    ),
};
