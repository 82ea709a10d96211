import type { ShellWord } from '../../../../lang/shell/index.ts';
import type { Rule } from '../../rule.ts';
import { aboutPiece, scannedRuns } from '../../shell-scan.ts';

export const quotesEndEarly: Rule = {
  name: 'QuotesEndEarly',
  codes: ['SC2140', 'SC2026'],
  severity: 'warning',
  summary: 'quotes within quotes are escaped',
  page: `In \`echo "{"name": "x"}"\` the second quote ends what the first began, so that \`name\` stands outside, and none of
the inner quotes is printed. Escape them (\`\\"name\\"\`), or put the whole into single quotes.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN echo "level = "debug";" > /etc/app.conf',
      at: [2],
      good: 'FROM debian:trixie\nRUN echo "level = \\"debug\\";" > /etc/app.conf',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap(({ run, words }) =>
      words.flatMap(({ word, role }) => {
        if (role !== 'argument' && role !== 'assignment') return [];
        const code = outside(word);
        if (code === undefined) return [];
        return [
          aboutPiece(run, word, {
            message: 'a word stands between two quoted ones, outside of quotes',
            codes: [code],
          }),
        ];
      }),
    ),
};

/** A plain word of letters between two quoted pieces; which of the two mistakes it is. */
function outside({ parts, text }: ShellWord): string | undefined {
  for (let index = 1; index + 1 < parts.length; index++) {
    const [before, part, after] = [parts[index - 1], parts[index], parts[index + 1]];
    if (part?.kind !== 'literal' || part.quoting !== 'none' || !/^[A-Za-z0-9_-]+$/.test(part.text)) continue;
    if (before?.quoting === 'double' && after?.quoting === 'double') {
      // "--flag="value"" and "a"b"c" alike; ="x" as in NAME="a"b"c" is meant.
      return /^[A-Za-z_-]+="/.test(text) ? undefined : 'SC2140';
    }
    if (before?.quoting === 'single' && after?.quoting === 'single') return 'SC2026';
  }
  return undefined;
}
