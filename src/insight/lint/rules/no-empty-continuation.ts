import { positionAt } from '../../../core/index.ts';
import type { InstructionNode } from '../../../lang/dockerfile/index.ts';
import { buildkitPage, type Finding, type Rule } from '../rule.ts';

export const noEmptyContinuation: Rule = {
  name: 'NoEmptyContinuation',
  severity: 'warning',
  summary: 'no empty line stands between the lines of an instruction',
  url: buildkitPage('no-empty-continuation'),
  page: `After a line that ends with the escape character the instruction goes on in the next line, and empty lines in
between are passed over. Docker has announced that this will be an error. A line with a comment may stand there.`,
  examples: [
    {
      bad: 'FROM alpine\nRUN apk add \\\n\n  curl \\\n  # a comment is no empty line\n  git',
      at: [6],
      good: 'FROM alpine\nRUN apk add \\\n  curl \\\n  # a comment is no empty line\n  git',
    },
  ],
  check: ({ dockerfile: { tree } }) =>
    tree.nodes.flatMap((node): Finding[] => {
      if (node.kind !== 'instruction') return [];
      const blank = node.trivia.filter(({ kind }) => kind === 'blank');
      const [first] = blank;
      if (!first) return [];
      const last = lastLine(node);
      return [
        {
          message: 'empty line in a continued instruction',
          span: { source: tree.source, start: first.start, end: first.end },
          at: node,
          // BuildKit names the line where the instruction ends, before its here-documents.
          lines: { first: last, last },
          fix: {
            title: 'remove it',
            edits: blank.map(({ start, end }) => ({ start, end, text: '' })),
          },
        },
      ];
    }),
};

/** The last line that the joined line was read from. */
function lastLine({ logical, trivia }: InstructionNode): number {
  const lastPiece = logical.offsets.at(-1) ?? 0;
  const lastTrivia = (trivia.at(-1)?.end ?? 1) - 1;
  return positionAt(logical.source, Math.max(lastPiece, lastTrivia)).line;
}
