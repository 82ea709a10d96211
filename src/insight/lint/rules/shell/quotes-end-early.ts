import type { ShellWord } from '../../../../lang/shell/index.ts';
import type { Finding, Rule } from '../../rule.ts';
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
        const kind = outside(word);
        if (!kind) return [];
        return [
          aboutPiece(run, word, {
            message: 'a word stands between two quoted ones, outside of quotes',
            ...kind,
          }),
        ];
      }),
    ),
};

/** A plain word between two quoted pieces; which of the two mistakes it is. */
function outside({ parts, text }: ShellWord): Pick<Finding, 'codes' | 'severity'> | undefined {
  for (let index = 1; index + 1 < parts.length; index++) {
    const [before, part, after] = [parts[index - 1], parts[index], parts[index + 1]];
    if (part?.kind !== 'literal' || part.quoting !== 'none' || before?.quoting !== after?.quoting) continue;
    if (before?.quoting === 'single' && /^[\w@=.-]+$/.test(part.text))
      return { codes: ['SC2026'], severity: 'info' };
    // `NAME="a"b"c"` is meant.
    if (before?.quoting === 'double' && /^[\w-]+$/.test(part.text) && !/^[\w-]+="/.test(text))
      return { codes: ['SC2140'] };
  }
  return undefined;
}
