import type { Rule } from '../../rule.ts';
import { aboutWords, commandsOf } from '../../run-commands.ts';

export const workdirInsteadOfCd: Rule = {
  name: 'WorkdirInsteadOfCd',
  codes: ['DL3003'],
  severity: 'warning',
  summary: 'WORKDIR sets the directory, not cd',
  page: `Every RUN begins in the working directory again: a \`cd\` is forgotten at its end, which surprises whoever writes
\`RUN cd /app\` and \`RUN make\`. WORKDIR stays, makes the directory where it is not there, and is what the container
starts in. For one command there is mostly an option: \`make -C src\`, \`git -C src\`, \`tar -C /opt\`. A \`cd\` within
parentheses does no harm.`,
  examples: [
    {
      bad: 'FROM gcc:15\nRUN cd /usr/src/app && make',
      at: [2],
      good: 'FROM gcc:15\nWORKDIR /usr/src/app\nRUN make',
    },
  ],
  check: (subject) =>
    commandsOf(subject).flatMap(({ run, command }) =>
      command.name === 'cd' && !run.onbuild
        ? [
            aboutWords(run, 'cd is forgotten at the end of the RUN: WORKDIR stays', [
              command.word,
              ...command.args,
            ]),
          ]
        : [],
    ),
};
