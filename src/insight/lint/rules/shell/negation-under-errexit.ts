import type { Rule } from '../../rule.ts';
import { unguardedCommands } from '../../shell-guard.ts';
import { aboutPiece, hasErrexit, scannedRuns } from '../../shell-scan.ts';

export const negationUnderErrexit: Rule = {
  name: 'NegationUnderErrexit',
  codes: ['SC2251'],
  severity: 'info',
  summary: 'a ! that should end the RUN is a condition',
  page: `With \`set -e\` a command that fails ends the script, but not one with \`!\` in front: \`set -e; ! grep -q bad /file;
make\` goes on whatever grep finds. Give it something to do: \`! grep -q bad /file || exit 1\`, or \`if grep …; then
exit 1; fi\`.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN set -e; ! grep -q bad /etc/app.conf; make',
      at: [2],
      good: 'FROM debian:trixie\nRUN set -e; ! grep -q bad /etc/app.conf || exit 1; make',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap((scanned) => {
      const { run, script } = scanned;
      if (!hasErrexit(scanned)) return [];
      return unguardedCommands(script).flatMap(({ node, isLast }) =>
        node.kind === 'pipeline' && node.negated && !isLast
          ? [aboutPiece(run, node, { message: 'set -e does not look at a command behind !' })]
          : [],
      );
    }),
};
