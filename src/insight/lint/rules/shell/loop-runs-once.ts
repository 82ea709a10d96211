import type { Rule } from '../../rule.ts';
import { aboutPiece, scannedRuns } from '../../shell-scan.ts';

export const loopRunsOnce: Rule = {
  name: 'LoopRunsOnce',
  codes: ['SC2043'],
  severity: 'warning',
  summary: 'a loop has more than one item',
  page: `A loop over one word that holds neither variable nor pattern runs once. Mostly a \`$\` was forgotten.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN for dir in /srv; do ls "$dir"; done',
      at: [2],
      good: 'FROM debian:trixie\nRUN ls /srv',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap(({ run, nodes }) =>
      nodes.flatMap((node) => {
        if (node.kind !== 'loop' || !node.variable || node.items?.length !== 1) return [];
        const [item] = node.items;
        return item?.literal ? [aboutPiece(run, item, { message: 'the loop runs once' })] : [];
      }),
    ),
};
