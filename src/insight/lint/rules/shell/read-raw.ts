import { rewritePiece } from '../../command-fix.ts';
import type { Rule } from '../../rule.ts';
import { aboutPiece, nameOf, scannedRuns, simpleCommands } from '../../shell-scan.ts';

export const readRaw: Rule = {
  name: 'ReadRaw',
  codes: ['SC2162'],
  severity: 'info',
  summary: 'read takes backslashes as they are',
  page: `Without \`-r\` a backslash in the line is taken away, and one at its end joins the next line.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN while read line; do echo "$line"; done < /list',
      at: [2],
      good: 'FROM debian:trixie\nRUN while read -r line; do echo "$line"; done < /list',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap((scanned) =>
      simpleCommands(scanned).flatMap((node) => {
        const [name, ...args] = node.words;
        if (!name || nameOf(node) !== 'read' || args.some(({ value }) => /^-[a-zA-Z]*r/.test(value)))
          return [];
        const fix = rewritePiece(scanned.run, node, {
          piece: { start: name.end, end: name.end },
          text: ' -r',
          title: 'write read -r',
          fixClass: 'unsafe',
        });
        return [aboutPiece(scanned.run, name, { message: 'read takes backslashes away', fix })];
      }),
    ),
};
