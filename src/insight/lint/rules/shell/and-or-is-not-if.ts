import type { AndOrList, ShellNode } from '../../../../lang/shell/index.ts';
import type { Rule } from '../../rule.ts';
import { aboutPiece, nameOf, scannedRuns } from '../../shell-scan.ts';

/** Commands that are there to go on or to give up, whatever happened. */
const HARMLESS = new Set(['echo', 'exit', 'return', 'printf', 'true', ':', 'false']);

export const andOrIsNotIf: Rule = {
  name: 'AndOrIsNotIf',
  codes: ['SC2015'],
  severity: 'info',
  summary: 'A && B || C is no if',
  page: `C runs where A fails, and where B fails as well: in \`test -f a && cp a /x || make a\` a failed \`cp\` makes \`a\` anew,
and the RUN succeeds. Write \`if A; then B; else C; fi\` where one or the other is meant.

In a RUN it hides failures: \`apt-get update && apt-get install -y curl || true\` succeeds with nothing installed.
\`echo\`, \`exit\` and \`true\` at the end are taken to be meant.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN test -f /a && cp /a /b || touch /b',
      at: [2],
      good: 'FROM debian:trixie\nRUN if test -f /a; then cp /a /b; else touch /b; fi',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap(({ run, nodes }) => {
      const conditions = new Set(nodes.flatMap(conditionsOf));
      return nodes.flatMap((node) => {
        if (node.kind !== 'and-or' || conditions.has(node)) return [];
        const at = shorthandAt(node);
        const piece = node.nodes[at];
        if (!piece) return [];
        return [
          aboutPiece(run, piece, {
            message: 'this runs too where the command before || fails, not only the first',
          }),
        ];
      });
    }),
};

/** Where the `C` of `A && B || C` stands; -1 where there is none that matters. */
function shorthandAt({ nodes, operators }: AndOrList): number {
  // In a longer list what follows looks at the success of all of it.
  const index = operators.length - 1;
  if (operators[index] !== '||' || operators[index - 1] !== '&&') return -1;
  const other = nodes[index + 1] as ShellNode;
  // What cannot fail lets nothing else through.
  if (HARMLESS.has(nameOf(nodes[index] as ShellNode))) return -1;
  const isAssignment = other.kind === 'command' && other.words.length === 0;
  return isAssignment || HARMLESS.has(nameOf(other)) ? -1 : index + 1;
}

/** Lists whose success is asked for: there `||` is a word of logic. */
function conditionsOf(node: ShellNode): readonly ShellNode[] {
  const lists =
    node.kind === 'if'
      ? node.branches.map(({ condition }) => condition)
      : node.kind === 'loop' && node.condition
        ? [node.condition]
        : [];
  return lists.flatMap(({ statements }) => statements.map((one) => one.node));
}
