import type { Rule } from '../../rule.ts';
import { aboutWords, commandsOf } from '../../run-commands.ts';

const POINTLESS = new Set(['free', 'kill', 'mount', 'ps', 'service', 'shutdown', 'ssh', 'top', 'vim']);

export const pointlessCommand: Rule = {
  name: 'PointlessCommand',
  codes: ['DL3001'],
  severity: 'info',
  summary: 'RUN does nothing that only makes sense on a machine that runs',
  page: `During a RUN there is no terminal, no other process, no init system, and nothing that was started lives on when it
ends: \`service nginx start\` starts a server that is gone with the RUN, \`mount\` is not allowed, \`top\` shows the build.
What should run when the container does is for CMD or ENTRYPOINT.`,
  examples: [
    {
      bad: 'FROM nginx:1.29\nRUN service nginx start',
      at: [2],
      good: 'FROM nginx:1.29\nCMD ["nginx", "-g", "daemon off;"]',
    },
  ],
  check: (subject) =>
    commandsOf(subject).flatMap(({ run, command }) =>
      POINTLESS.has(command.word.text)
        ? [aboutWords(run, `${command.name} does nothing useful during a build`, [command.word])]
        : [],
    ),
};
