import type { Rule } from '../../rule.ts';
import { aboutPiece, nameOf, scannedRuns } from '../../shell-scan.ts';

export const uselessCat: Rule = {
  name: 'UselessCat',
  codes: ['SC2002'],
  severity: 'style',
  optional: true,
  summary: 'a file is given to a command, not to cat before it',
  page: `\`cat file | cmd\` is \`cmd < file\`, or \`cmd file\`, with a process and a pipe less, and without the pipe's way of
hiding that the file was not there.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN cat keys.asc | gpg --import',
      at: [3],
      good: 'FROM debian:trixie\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN gpg --import < keys.asc',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap(({ run, nodes }) =>
      nodes.flatMap((node) => {
        if (node.kind !== 'pipeline' || node.commands.length < 2) return [];
        const first = node.commands[0];
        if (first?.kind !== 'command' || nameOf(first) !== 'cat' || first.words.length !== 2) return [];
        const file = first.words[1];
        if (
          !file ||
          file.value.startsWith('-') ||
          file.parts.some(({ kind }) => kind === 'glob' || kind === 'brace')
        )
          return [];
        if (file.parts.some((part) => part.kind !== 'literal' && part.quoting === 'none')) return [];
        return [aboutPiece(run, first, { message: 'the next command can read the file itself' })];
      }),
    ),
};
