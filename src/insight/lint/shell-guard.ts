// Which commands of a script are allowed to fail without anybody noticing.

import type { Script, ShellNode, Statement } from '../../lang/shell/index.ts';

/** A command whose failure is not looked at. */
export interface Unguarded {
  readonly node: ShellNode;
  /** Nothing follows it, so that its failure is that of the RUN. */
  readonly isLast: boolean;
}

/** The commands that nothing is joined to by `&&` or `||`, and that are no condition; also those in groups and branches. */
export function unguardedCommands(script: Script): readonly Unguarded[] {
  const found: Unguarded[] = [];
  ofStatements(script.statements, true, found);
  return found;
}

function ofStatements(statements: readonly Statement[], last: boolean, found: Unguarded[]): void {
  statements.forEach(({ node }, index) => {
    ofNode(node, last && index === statements.length - 1, found);
  });
}

function ofNode(node: ShellNode, isLast: boolean, found: Unguarded[]): void {
  switch (node.kind) {
    case 'command':
      found.push({ node, isLast });
      return;
    case 'and-or': {
      // What stands before an operator is looked at by it.
      const end = node.nodes.at(-1);
      if (end) ofNode(end, isLast, found);
      for (const one of node.nodes.slice(0, -1))
        if (one.kind === 'group' || one.kind === 'subshell') ofNode(one, isLast, found);
      return;
    }
    case 'pipeline':
      if (node.negated) found.push({ node, isLast });
      for (const one of node.commands) ofNode(one, isLast, found);
      return;
    case 'subshell':
    case 'group':
      ofStatements(node.body.statements, isLast, found);
      return;
    case 'if':
      for (const { body } of node.branches) ofStatements(body.statements, isLast, found);
      if (node.otherwise) ofStatements(node.otherwise.statements, isLast, found);
      return;
    case 'loop':
      ofStatements(node.body.statements, false, found);
      return;
    case 'case':
      for (const { body } of node.items) ofStatements(body.statements, isLast, found);
      return;
    case 'function':
      ofStatements(node.body, false, found);
      return;
    case 'test':
    case 'arithmetic':
      return;
  }
}
