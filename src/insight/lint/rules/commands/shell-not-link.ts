import type { Rule } from '../../rule.ts';
import { aboutWords, commandsOf, hasArgument } from '../../run-commands.ts';

export const shellNotLink: Rule = {
  name: 'ShellNotLink',
  codes: ['DL4005'],
  severity: 'warning',
  summary: 'SHELL chooses the shell of RUN, not a link at /bin/sh',
  page: `A link at \`/bin/sh\` changes the shell of every script in the image, the package manager's among them, and of the
running container. \`SHELL ["/bin/bash", "-o", "pipefail", "-c"]\` changes it for RUN, CMD and ENTRYPOINT of the file,
and says so where people look.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN ln -sf /bin/bash /bin/sh',
      at: [2],
      good: 'FROM debian:trixie\nSHELL ["/bin/bash", "-c"]',
    },
  ],
  check: (subject) =>
    commandsOf(subject).flatMap(({ run, command }) =>
      command.name === 'ln' && hasArgument(command, '/bin/sh')
        ? [aboutWords(run, 'a link at /bin/sh changes more than RUN', [command.word, ...command.args])]
        : [],
    ),
};
