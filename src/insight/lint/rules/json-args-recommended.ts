import { execFormFix } from '../exec-form.ts';
import { buildkitPage, type Rule } from '../rule.ts';

export const jsonArgsRecommended: Rule = {
  name: 'JSONArgsRecommended',
  codes: ['DL3025'],
  severity: 'warning',
  summary: 'CMD and ENTRYPOINT are JSON arrays',
  url: buildkitPage('json-args-recommended'),
  page: `Without the brackets the command is started by \`/bin/sh -c\`. The shell is then process 1 of the container: it
gets the signals, SIGTERM of \`docker stop\` among them, and does not pass them on, so that the program is killed ten
seconds later. An ENTRYPOINT in this form also ignores CMD and the arguments of \`docker run\`.

Where a shell is wanted (for a variable, say), name it: \`CMD ["sh", "-c", "exec app $OPTIONS"]\`, or state it with SHELL,
after which nothing is said.`,
  examples: [
    {
      bad: 'FROM alpine\nENTRYPOINT my-app serve',
      at: [2],
      good: 'FROM alpine\nENTRYPOINT ["my-app", "serve"]',
    },
    {
      bad: 'FROM alpine\nCMD my-app $OPTIONS',
      at: [2],
      good: 'FROM alpine\nSHELL ["/bin/sh", "-c"]\nCMD my-app $OPTIONS',
    },
  ],
  check: ({ built }) =>
    built.flatMap(({ instruction, planned, before, at, spanOf }) => {
      if (instruction.kind !== 'cmd' && instruction.kind !== 'entrypoint') return [];
      const hasShell = (before.config.Shell ?? []).length > 0;
      if (instruction.command.form === 'exec' || hasShell) return [];
      const message = `${instruction.kind.toUpperCase()} should be a JSON array, so that signals reach the program`;
      const fix = planned.trigger ? undefined : execFormFix(instruction.command);
      return [{ message, span: spanOf(instruction), at, ...(fix ? { fix } : {}) }];
    }),
};
