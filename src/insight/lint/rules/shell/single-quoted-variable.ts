import type { Rule } from '../../rule.ts';
import { aboutPiece, nameOf, scannedRuns, simpleCommands } from '../../shell-scan.ts';

/** Commands that read such a text themselves. */
const READERS = new Set([
  'sh',
  'bash',
  'dash',
  'ash',
  'ksh',
  'zsh',
  'su',
  'sed',
  'awk',
  'gawk',
  'mawk',
  'perl',
  'trap',
  'eval',
  'envsubst',
  'dpkg-query',
  'jq',
  'yq',
  'rename',
  'sudo',
  'ssh',
  'git',
  'docker',
  'podman',
  'xprop',
  'alias',
  'unset',
  'run-parts',
  'oc',
  'watch',
  'rg',
  'grep',
  'egrep',
  'fgrep',
  'npx',
  'node',
  'python',
  'python3',
  'ruby',
  'php',
  'gosu',
  'su-exec',
  'xargs',
  'find',
  'env',
]);

export const singleQuotedVariable: Rule = {
  name: 'SingleQuotedVariable',
  codes: ['SC2016'],
  severity: 'info',
  summary: 'a variable that should be replaced does not stand in single quotes',
  page: `Between single quotes \`$NAME\` is five characters and nothing else. Often that is what is wanted (a line for a
shell's start-up file, to be replaced when that is read): then it is right as it is. Where the value was meant, use
double quotes.`,
  examples: [
    {
      bad: "FROM debian:trixie\nENV VERSION=1\nRUN echo 'version ${VERSION}' > /version",
      at: [3],
      good: 'FROM debian:trixie\nENV VERSION=1\nRUN echo "version ${VERSION}" > /version',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap((scanned) =>
      simpleCommands(scanned).flatMap((node) => {
        if (READERS.has(nameOf(node))) return [];
        const part = node.words
          .slice(1)
          .flatMap(({ parts }) => parts)
          .find(
            (one) =>
              one.kind === 'literal' &&
              one.quoting === 'single' &&
              !one.dollar &&
              /\$[{(0-9a-zA-Z_]|`[^`]+`/.test(one.value),
          );
        if (!part) return [];
        return [aboutPiece(scanned.run, part, { message: 'between single quotes nothing is replaced' })];
      }),
    ),
};
