import type { Rule } from '../../rule.ts';
import { aboutPiece, nameOf, scannedRuns } from '../../shell-scan.ts';

export const findXargs: Rule = {
  name: 'FindXargs',
  codes: ['SC2038'],
  severity: 'warning',
  summary: 'names of files go from find to xargs with a null between them',
  page: `xargs splits at spaces and quotes too, so that a file of the name \`a b\` becomes two. \`find … -print0 | xargs -0 …\`
splits at what no name can hold; \`find … -exec … {} +\` needs no xargs.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN find /srv -type f | xargs chmod 644',
      at: [2],
      good: 'FROM debian:trixie\nRUN find /srv -type f -print0 | xargs -0 chmod 644',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap(({ run, nodes }) =>
      nodes.flatMap((node) => {
        if (node.kind !== 'pipeline') return [];
        return node.commands.flatMap((one, index) => {
          const next = node.commands[index + 1];
          if (one.kind !== 'command' || next?.kind !== 'command') return [];
          if (nameOf(one) !== 'find' || nameOf(next) !== 'xargs') return [];
          const isNull =
            next.words.some(({ value }) => /^-[a-zA-Z]*0|^--null$|^-d/.test(value)) ||
            one.words.some(({ value }) => /^-(print0|printf|exec)/.test(value));
          return isNull ? [] : [aboutPiece(run, next, { message: 'a name with a space in it becomes two' })];
        });
      }),
    ),
};
