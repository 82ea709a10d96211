import { parseHeredocWord } from '../../../../lang/dockerfile/index.ts';
import type { Rule } from '../../rule.ts';
import { unguardedCommands } from '../../shell-guard.ts';
import { aboutPiece, hasErrexit, nameOf, type ScannedRun, scannedRuns } from '../../shell-scan.ts';

/** Commands of which nobody waits for the status, or that hardly fail. */
const QUIET =
  /^(|:|\.|\[|cd|echo|exit|export|local|popd|printf|pushd|read|return|set|shift|shopt|sleep|test|trap|true|ulimit|umask|unset)$/;

export const heredocWithoutErrexit: Rule = {
  name: 'HeredocWithoutErrexit',
  severity: 'warning',
  summary: 'a here-document of several commands ends at the first that fails',
  page: `The lines of a here-document are a script, and a script goes on behind a command that fails: the RUN fails where its
last command does, and the layer is kept with whatever is missing in it. What was joined by \`&&\` does not. Begin with
\`set -e\` (\`set -eux\` shows the commands too), or name a shell that has it: \`RUN <<EOF bash -e\`,
\`SHELL ["/bin/bash", "-euo", "pipefail", "-c"]\`.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN <<EOF\napt-get update\napt-get install -y --no-install-recommends curl=8.14.*\nrm -rf /var/lib/apt/lists/*\nEOF',
      at: [2],
      good: 'FROM debian:trixie\nRUN <<EOF\nset -e\napt-get update\napt-get install -y --no-install-recommends curl=8.14.*\nrm -rf /var/lib/apt/lists/*\nEOF',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap((scanned) => {
      const { run, script } = scanned;
      if (!isHeredoc(scanned) || hasErrexit(scanned)) return [];
      const first = unguardedCommands(script).find(
        ({ node, isLast }) => !isLast && !QUIET.test(nameOf(node)),
      );
      if (!first) return [];
      const message = `what follows runs even where ${nameOf(first.node)} fails: set -e is missing`;
      return [aboutPiece(run, first.node, { message })];
    }),
};

/** Whether the here-document alone is the script, and does not itself ask for a shell that ends where something fails. */
function isHeredoc({ run: { facts } }: ScannedRun): boolean {
  const [heredoc] = facts.at.heredocs;
  if (!heredoc || !parseHeredocWord(facts.clause.args[0]?.text ?? '')) return false;
  return !/^#!.*\s-[a-zA-Z]*e/.test(heredoc.content);
}
