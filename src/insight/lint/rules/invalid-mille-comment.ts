import { positionAt } from '../../../core/index.ts';
import {
  type Dockerfile,
  type InstructionNode,
  readMilleComment,
  type SyntaxNode,
} from '../../../lang/dockerfile/index.ts';
import type { Finding, Rule } from '../rule.ts';

/** Keywords of what has a cache, or holds what has one. */
const CACHED = new Set(['run', 'copy', 'add', 'workdir', 'from']);

export const invalidMilleComment: Rule = {
  name: 'InvalidMilleComment',
  severity: 'warning',
  summary: 'a comment for mille says something that mille knows, above what it is about',
  page: `\`# mille: cache=never\`, \`cache=1d\` or \`cache=always\` in a comment above RUN, COPY, ADD, WORKDIR or FROM says when what
the step made may be used again ([cache-policy.md](cache-policy.md)). What is misspelt, or stands where nobody reads it,
would be as if it were not there. This rule is not one of BuildKit's: there such a comment is a comment like any other.`,
  examples: [
    {
      bad: '# mille: cach=never\nFROM busybox\n# mille: cache=daily\nRUN date >/built',
      at: [1, 3],
      good: '# mille: cache=never\nFROM busybox\n# mille: cache=1d\nRUN date >/built',
    },
    {
      bad: 'FROM busybox\n# mille: cache=1d\nENV A=1\nRUN apk update && \\\n  # mille: cache=1d\n  apk upgrade',
      at: [2, 5],
      good: 'FROM busybox\nENV A=1\n# mille: cache=1d\nRUN apk update && \\\n  apk upgrade',
    },
  ],
  check: ({ dockerfile }) => {
    const { nodes } = dockerfile.tree;
    const last = nodes.findLast((node) => node.kind === 'instruction');
    let above: SyntaxNode[] = [];
    const findings: Finding[] = [];
    for (const node of nodes) {
      if (node.kind === 'instruction') {
        const effect = CACHED.has(node.clause.keyword.text.toLowerCase());
        const why = `has no effect above ${node.clause.keyword.text.toUpperCase()}, which makes nothing that could be kept`;
        for (const comment of above)
          findings.push(...look(dockerfile, comment, { at: node, ...(effect ? {} : { why }) }));
        for (const part of node.trivia)
          if (part.kind === 'comment')
            findings.push(
              ...look(dockerfile, part, { at: node, why: 'is not read within an instruction: put it above' }),
            );
        above = [];
      } else if (node.kind === 'comment') {
        if (node.text !== '') above.push(node);
        else above = lost(above);
      }
    }
    lost(above);
    return findings;

    /** Comments that stand above no instruction. */
    function lost(comments: readonly SyntaxNode[]): SyntaxNode[] {
      if (last)
        for (const comment of comments)
          findings.push(...look(dockerfile, comment, { at: last, why: 'stands above no instruction' }));
      return [];
    }
  },
};

/** What is wrong with a comment. `why`: it has no effect there. */
function look(
  { source }: Dockerfile,
  comment: { readonly start: number; readonly end: number },
  { at, why }: { readonly at: InstructionNode; readonly why?: string },
): Finding[] {
  const text = source.text.slice(comment.start, comment.end);
  const read = readMilleComment(text);
  if (!read) return [];
  const { line } = positionAt(source, comment.start);
  const place = { at, lines: { first: line, last: line } };
  const span = (start: number, end: number) => ({
    source,
    start: comment.start + start,
    end: comment.start + end,
  });
  if (why !== undefined && read.cache) {
    const start = text.search(/mille/i);
    return [
      { ...place, message: `'${text.slice(start).trim()}' ${why}`, span: span(start, text.trimEnd().length) },
    ];
  }
  return read.problems.map(({ message, start, end }) => ({ ...place, message, span: span(start, end) }));
}
