import type { Rule } from '../rule.ts';

export const unreadableScript: Rule = {
  name: 'UnreadableScript',
  codes: ['SC1072', 'SC1073', 'SC1009', 'SC1078'],
  severity: 'error',
  summary: 'the shell can read the commands of RUN',
  page: `A quote that is not closed, a \`&&\` after which nothing comes, an \`if\` without \`fi\`: the shell gives up before it has
run anything, and the build fails there. Nothing else is said about the commands of such a line.`,
  examples: [
    {
      bad: 'FROM alpine\nRUN apk add curl && \\\n    echo "done',
      at: [2],
      good: 'FROM alpine\nRUN apk add curl && \\\n    echo "done"',
    },
    {
      bad: 'FROM alpine\nRUN if [ -e /etc/passwd ]; then echo there',
      at: [2],
      good: 'FROM alpine\nRUN if [ -e /etc/passwd ]; then echo there; fi',
    },
  ],
  check: ({ runs }) =>
    runs().flatMap(({ script, at, spanOf }) => {
      const [error] = script?.errors ?? [];
      if (!error) return [];
      const start = Math.min(error.at, Math.max(0, (script?.text.length ?? 1) - 1));
      return [
        {
          message: `the shell cannot read this: ${error.message}`,
          span: spanOf({ start, end: start + 1 }),
          at,
        },
      ];
    }),
};
