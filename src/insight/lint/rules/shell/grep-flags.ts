import { rewritePiece } from '../../command-fix.ts';
import type { Rule } from '../../rule.ts';
import { aboutPiece, scannedRuns, simpleCommands } from '../../shell-scan.ts';

export const grepFlags: Rule = {
  name: 'GrepFlags',
  codes: ['SC2196', 'SC2197'],
  severity: 'info',
  summary: 'grep -E and grep -F are not called by their old names',
  page: `\`egrep\` and \`fgrep\` are not in POSIX, and GNU grep warns at each call that they will go.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN egrep -q "a|b" /list',
      at: [2],
      good: 'FROM debian:trixie\nRUN grep -E -q "a|b" /list',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap((scanned) =>
      simpleCommands(scanned).flatMap((node) => {
        const [name] = node.words;
        const which = { egrep: 'E', fgrep: 'F' }[name?.text ?? ''];
        if (!name || which === undefined) return [];
        const fix = rewritePiece(scanned.run, node, {
          piece: name,
          text: `grep -${which}`,
          title: `write grep -${which}`,
        });
        return [
          aboutPiece(scanned.run, name, {
            message: `${name.text} is the old name of grep -${which}`,
            fix,
            codes: [which === 'E' ? 'SC2196' : 'SC2197'],
          }),
        ];
      }),
    ),
};
