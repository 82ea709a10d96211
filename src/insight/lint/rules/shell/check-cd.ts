import type { ShellNode } from '../../../../lang/shell/index.ts';
import type { Rule } from '../../rule.ts';
import { unguardedCommands } from '../../shell-guard.ts';
import { aboutPiece, hasErrexit, nameOf, scannedRuns } from '../../shell-scan.ts';

export const checkCd: Rule = {
  name: 'CheckCd',
  codes: ['SC2164'],
  severity: 'warning',
  summary: 'a cd that fails ends the RUN',
  page: `In \`cd /srv/app; rm -rf *\` the second command runs wherever the first one failed to leave: in \`/\`, most likely.
Join them with \`&&\`, put \`set -e\` in front, or write WORKDIR, which makes the directory too.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN cd /srv/app; make',
      at: [2],
      good: 'FROM debian:trixie\nRUN cd /srv/app && make',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap((scanned) => {
      const { run, script } = scanned;
      if (hasErrexit(scanned)) return [];
      return unguardedCommands(script).flatMap(({ node, isLast }) => {
        const name = nameOf(node);
        if (!['cd', 'pushd', 'popd'].includes(name) || isLast || goesNowhereNew(node)) return [];
        return [aboutPiece(run, node, { message: `what follows runs even where ${name} fails` })];
      });
    }),
};

/** `cd ..` and `cd .` do not fail. */
function goesNowhereNew(node: ShellNode): boolean {
  return node.kind === 'command' && /^\/*((\.|\.\.)\/+)*(\.|\.\.)?$/.test(node.words[1]?.value ?? 'x');
}
