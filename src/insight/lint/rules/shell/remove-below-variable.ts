import { rewritePiece } from '../../command-fix.ts';
import type { Rule } from '../../rule.ts';
import { aboutPiece, nameOf, scannedRuns, simpleCommands } from '../../shell-scan.ts';

/** What would be removed of the system itself. */
const DANGEROUS =
  /^\/(\*|bin|boot|dev|etc|home|lib\w*|media|mnt|opt|proc|root|run|sbin|srv|sys|usr|var)?\/?\*?$/;

export const removeBelowVariable: Rule = {
  name: 'RemoveBelowVariable',
  codes: ['SC2115'],
  severity: 'warning',
  summary: 'rm -r below a variable fails where the variable is empty',
  page: `With an empty variable \`rm -rf "$DIR/"*\` is \`rm -rf /*\`. \`\${DIR:?}\` ends the command there instead.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nARG DIR\nRUN rm -rf "$DIR/lib"',
      at: [3],
      good: 'FROM debian:trixie\nARG DIR\nRUN rm -rf "${DIR:?}/lib"',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap((scanned) =>
      simpleCommands(scanned).flatMap((node) => {
        const args = node.words.slice(1);
        if (nameOf(node) !== 'rm' || !args.some(({ value }) => /^-[a-zA-Z]*[rR]|^--recursive$/.test(value)))
          return [];
        return args.flatMap((word) => {
          const [first] = word.parts;
          if (first?.kind !== 'variable' || first.operator !== undefined) return [];
          if (!DANGEROUS.test(word.value.slice(first.text.length))) return [];
          const fix = rewritePiece(scanned.run, node, {
            piece: first,
            text: `\${${first.name}:?}`,
            title: `write \${${first.name}:?}`,
            fixClass: 'unsafe',
          });
          return [
            aboutPiece(scanned.run, word, {
              message: `with an empty ${first.name} it is ${word.value.slice(first.text.length)}`,
              fix,
            }),
          ];
        });
      }),
    ),
};
