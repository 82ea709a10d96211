import type { Rule } from '../../rule.ts';
import { aboutPiece, nameOf, scannedRuns, simpleCommands } from '../../shell-scan.ts';

export const uselessEcho: Rule = {
  name: 'UselessEcho',
  codes: ['SC2005', 'SC2116'],
  severity: 'style',
  summary: 'a command prints by itself, without echo around it',
  page: `\`echo $(cmd)\` is \`cmd\`, and \`$(echo text)\` is \`text\`, with a process less and without what the shell does to
the words in between.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN echo "$(cat /a)" > /b',
      at: [2],
      good: 'FROM debian:trixie\nRUN cat /a > /b',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap((scanned) => {
      const around = simpleCommands(scanned).flatMap((node) => {
        const [name, only, more] = node.words;
        if (!name || nameOf(node) !== 'echo' || !only || more || only.parts.length !== 1) return [];
        const [part] = only.parts;
        if (part?.kind !== 'substitution' || part.script.statements.length === 0) return [];
        return [
          aboutPiece(scanned.run, node, { message: 'the command prints by itself', codes: ['SC2005'] }),
        ];
      });
      const within = scanned.words.flatMap(({ word }) =>
        word.parts.flatMap((part) => {
          if (part.kind !== 'substitution') return [];
          const [first, second] = part.script.statements;
          if (second || first?.node.kind !== 'command' || nameOf(first.node) !== 'echo') return [];
          if (
            first.node.redirects.length > 0 ||
            first.node.words.some(
              ({ value, parts }) =>
                value.startsWith('-') || parts.some(({ kind }) => kind === 'glob' || kind === 'brace'),
            )
          )
            return [];
          return [aboutPiece(scanned.run, part, { message: '$(echo text) is text', codes: ['SC2116'] })];
        }),
      );
      return [...around, ...within];
    }),
};
