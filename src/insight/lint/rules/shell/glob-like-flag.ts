import { rewritePiece } from '../../command-fix.ts';
import type { Rule } from '../../rule.ts';
import { aboutPiece, nameOf, scannedRuns, simpleCommands } from '../../shell-scan.ts';

/** Commands to which `./name` and `name` are the same; others keep the name as it was given, as tar does. */
const TAKES_FILES = new Set(['cat', 'chgrp', 'chmod', 'chown', 'cp', 'mv', 'rm', 'touch']);

export const globLikeFlag: Rule = {
  name: 'GlobLikeFlag',
  codes: ['SC2035'],
  severity: 'info',
  summary: 'a pattern for files does not begin with a star',
  page: `\`rm *\` gives a file called \`-rf\` to \`rm\` as a flag. With \`./*\` every name begins with \`./\`, and none is a flag;
\`--\` in front does the same.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN chmod 644 *.conf',
      at: [2],
      good: 'FROM debian:trixie\nRUN chmod 644 ./*.conf',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap((scanned) =>
      simpleCommands(scanned).flatMap((node) => {
        if (['echo', 'printf'].includes(nameOf(node))) return [];
        const args = node.words.slice(1);
        const end = args.findIndex(({ value }) => value === '--');
        return (end < 0 ? args : args.slice(0, end)).flatMap((word) => {
          const [first] = word.parts;
          if (first?.kind !== 'glob' || !/^[*?]/.test(first.text)) return [];
          const fix = rewritePiece(scanned.run, node, {
            piece: { start: word.start, end: word.start },
            text: './',
            title: `write ./${word.text}`,
            fixClass: TAKES_FILES.has(nameOf(node)) ? 'safe' : 'unsafe',
          });
          return [
            aboutPiece(scanned.run, word, {
              message: `a file whose name begins with - is a flag for ${word.text}`,
              fix,
            }),
          ];
        });
      }),
    ),
};
