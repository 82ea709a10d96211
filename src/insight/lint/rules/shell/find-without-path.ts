import { rewritePiece } from '../../command-fix.ts';
import type { Rule } from '../../rule.ts';
import { aboutPiece, nameOf, scannedRuns, simpleCommands } from '../../shell-scan.ts';

export const findWithoutPath: Rule = {
  name: 'FindWithoutPath',
  codes: ['SC2185'],
  severity: 'info',
  summary: 'find is told where to look',
  page: `Without a directory GNU's and busybox's find look in the working directory; others refuse. In an image it is also not
plain to see which that is: write \`.\`, or the directory.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN find -name core -delete',
      at: [2],
      good: 'FROM debian:trixie\nRUN find . -name core -delete',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap((scanned) =>
      simpleCommands(scanned).flatMap((node) => {
        if (nameOf(node) !== 'find') return [];
        const [name, ...args] = node.words;
        const first = args.find(({ value }) => !/^-[HLPDO]/.test(value));
        if (
          !name ||
          (first && !/^-/.test(first.value)) ||
          args.some(({ value }) => /^(--help|--version|-files0-from)$/.test(value))
        )
          return [];
        if (first?.parts.some(({ kind }) => kind !== 'literal')) return [];
        const fix = rewritePiece(scanned.run, node, {
          piece: { start: name.end, end: name.end },
          text: ' .',
          title: 'write find .',
        });
        return [aboutPiece(scanned.run, name, { message: 'find is not told where to look', fix })];
      }),
    ),
};
