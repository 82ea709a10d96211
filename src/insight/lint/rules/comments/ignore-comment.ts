import { positionAt } from '../../../../core/index.ts';
import type { CommentNode } from '../../../../lang/dockerfile/index.ts';
import { isIgnorePragma } from '../../pragmas.ts';
import type { Finding, Rule } from '../../rule.ts';

export const ignoreComment: Rule = {
  name: 'IgnoreComment',
  codes: ['DL1001'],
  severity: 'info',
  optional: true,
  summary: 'no comment for hadolint leaves rules out',
  page: `Where all Dockerfiles are held to the same rules, \`# hadolint ignore=…\` is how one of them gets around that. The
rule is for who wants to know of it; \`--disable-ignore-pragma\` makes such comments without effect.`,
  examples: [
    {
      bad: 'FROM debian:12\n# hadolint ignore=DL3008\nRUN apt-get install -y curl',
      at: [2],
      good: 'FROM debian:12\nRUN apt-get install -y curl=7.88.1-10',
    },
  ],
  check: ({ dockerfile: { source, tree } }) => {
    const found: Finding[] = [];
    let above: CommentNode[] = [];
    for (const node of tree.nodes) {
      if (node.kind === 'comment' && isIgnorePragma(node.text)) above.push(node);
      if (node.kind !== 'instruction') continue;
      for (const { start, end } of above) {
        const { line } = positionAt(source, start);
        const length = source.text.slice(start, end).trimEnd().length;
        found.push({
          message: 'this comment leaves rules out',
          span: { source, start, end: start + length },
          at: node,
          lines: { first: line, last: line },
        });
      }
      above = [];
    }
    return found;
  },
};
