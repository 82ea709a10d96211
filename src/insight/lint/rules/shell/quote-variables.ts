import type { VariablePart } from '../../../../lang/shell/index.ts';
import { rewritePiece } from '../../command-fix.ts';
import type { Rule } from '../../rule.ts';
import { aboutPiece, nameOf, scannedRuns } from '../../shell-scan.ts';
import { isKeptWhole } from '../../shell-splitting.ts';
import { buildVariables, isOneWord, scriptVariables } from '../../shell-variables.ts';

/** Where the shell splits what a variable holds, and looks for files by it. */
const SPLITTING = new Set(['argument', 'name', 'redirect']);

export const quoteVariables: Rule = {
  name: 'QuoteVariables',
  codes: ['SC2086'],
  severity: 'info',
  summary: 'variables stand in double quotes',
  page: `Without quotes the shell splits what a variable holds at its spaces, and replaces what looks like a pattern by the
names of files: \`rm -rf $DIR/tmp\` with \`DIR="a b"\` removes \`a\`, and with an empty one \`/tmp\`. In double quotes it
stays one word, an empty one too.

Now and then a list of words is meant (\`apt-get install $PACKAGES\`): then it is right as it is, and the fix is not
among the safe ones. ARG and ENV of the file, and variables that the script itself gives a single word, are not
reported.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN file=$(find /etc -name app.conf); cp $file /tmp',
      at: [2],
      good: 'FROM debian:trixie\nRUN file=$(find /etc -name app.conf); cp "$file" /tmp',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap((scanned) => {
      const { run, words } = scanned;
      const known = buildVariables(subject, run);
      const variables = scriptVariables(scanned);
      return words.flatMap(({ word, role, node }) => {
        if (!SPLITTING.has(role) || isKeptWhole(run, nameOf(node))) return [];
        // A command that is a variable is a command line, mostly.
        if (role === 'name' && word.parts.length === 1) return [];
        return word.parts.flatMap((part) => {
          if (part.kind !== 'variable' || part.quoting !== 'none' || !isSplit(part)) return [];
          if (isOneWord(part.name, variables, known)) return [];
          return [
            aboutPiece(run, part, {
              message: `what ${part.text} holds is split at its spaces`,
              fix: rewritePiece(run, node, {
                piece: part,
                text: `"${part.text}"`,
                title: `write "${part.text}"`,
                fixClass: 'unsafe',
              }),
            }),
          ];
        });
      });
    }),
};

/** `${#NAME}` is a number, `$@` has a rule of its own, and `${NAME:+"…"}` quotes what it gives. */
function isSplit({ name, prefix, operator, operands, indexed }: VariablePart): boolean {
  if (prefix === '#' || name === '@' || name === '*' || indexed) return false;
  if (operator !== ':+' && operator !== '+') return true;
  return operands.some(({ parts }) =>
    parts.some((part) => part.kind === 'variable' && part.quoting === 'none'),
  );
}
