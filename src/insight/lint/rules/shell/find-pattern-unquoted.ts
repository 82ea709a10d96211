import { rewritePiece } from '../../command-fix.ts';
import type { Rule } from '../../rule.ts';
import { aboutPiece, nameOf, scannedRuns, simpleCommands } from '../../shell-scan.ts';

export const findPatternUnquoted: Rule = {
  name: 'FindPatternUnquoted',
  codes: ['SC2061'],
  severity: 'warning',
  summary: 'the patterns of find stand in quotes',
  page: `Without quotes the shell replaces \`*.conf\` by the files of that kind in the working directory before find sees it:
with one there find looks for that name alone, with two it fails.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN find /etc -name *.bak -delete',
      at: [2],
      good: 'FROM debian:trixie\nRUN find /etc -name "*.bak" -delete',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap((scanned) =>
      simpleCommands(scanned).flatMap((node) => {
        if (nameOf(node) !== 'find') return [];
        return node.words.flatMap((word, index) => {
          const asked = /^-(i?name|i?path|i?wholename|i?lname|i?regex)$/.test(
            node.words[index - 1]?.value ?? '',
          );
          if (!asked || !word.parts.some(({ kind }) => kind === 'glob')) return [];
          const simple = word.parts.every(
            ({ kind, quoting }) => quoting === 'none' && (kind === 'glob' || kind === 'literal'),
          );
          const fix =
            simple && !/["\\$`\x27]/.test(word.text)
              ? rewritePiece(scanned.run, node, {
                  piece: word,
                  text: `"${word.text}"`,
                  title: `write "${word.text}"`,
                  fixClass: 'unsafe',
                })
              : undefined;
          return [
            aboutPiece(scanned.run, word, {
              message: 'the shell replaces the pattern before find sees it',
              fix,
            }),
          ];
        });
      }),
    ),
};
