import type { Rule } from '../../rule.ts';
import { aboutPiece, nameOf, scannedRuns, simpleCommands } from '../../shell-scan.ts';

const ESCAPE = /\\([rntabefv]|0[0-7]|x[0-9a-fA-F]|u[0-9a-fA-F])/;

export const echoEscapes: Rule = {
  name: 'EchoEscapes',
  codes: ['SC2028'],
  severity: 'info',
  summary: 'printf writes line ends and tabs, not echo',
  page: `What \`echo "a\\nb"\` prints depends on the shell: dash (Debian's \`/bin/sh\`) makes two lines of it, bash and busybox
print the backslash. \`printf 'a\\nb\\n'\` is the same everywhere, and so is a here-document: \`COPY <<EOF /file\`.`,
  examples: [
    {
      bad: "FROM debian:trixie\nRUN echo 'a=1\\nb=2' > /etc/app.conf",
      at: [2],
      good: "FROM debian:trixie\nRUN printf 'a=1\\nb=2\\n' > /etc/app.conf",
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap((scanned) =>
      simpleCommands(scanned).flatMap((node) => {
        const args = node.words.slice(1);
        if (nameOf(node) !== 'echo' || args.some(({ value }) => /^-[a-zA-Z]*[eE]/.test(value))) return [];
        const word = args.find(({ parts }) =>
          parts.some(
            (part) =>
              part.kind === 'literal' && !part.dollar && part.quoting !== 'none' && ESCAPE.test(part.value),
          ),
        );
        if (!word) return [];
        return [aboutPiece(scanned.run, word, { message: 'some shells print the backslash, others do not' })];
      }),
    ),
};
