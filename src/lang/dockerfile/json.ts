// The tree as plain JSON: what `mille parse --json` prints.

import type { Heredoc, InstructionNode, SyntaxTree } from './tree.ts';

/** One instruction. `args`: see `Clause.args`; `json` is there when they were a JSON array. */
export interface JsonInstruction {
  readonly instruction: string;
  readonly flags: readonly string[];
  readonly args: readonly string[];
  readonly heredocs: readonly JsonHeredoc[];
  readonly line: number;
  readonly endLine: number;
  readonly json?: true;
}

export interface JsonHeredoc
  extends Pick<Heredoc, 'name' | 'content' | 'expand' | 'chomp' | 'fileDescriptor'> {}

/** All instructions of a tree, their names in upper case. */
export function toJson(tree: SyntaxTree): JsonInstruction[] {
  return tree.nodes
    .filter((node): node is InstructionNode => node.kind === 'instruction')
    .map(({ clause, heredocs, line, endLine }) => ({
      instruction: clause.keyword.text.toUpperCase(),
      flags: clause.flags.map((flag) => flag.text),
      args: clause.args.map((word) => word.text),
      heredocs: heredocs.map(({ name, content, expand, chomp, fileDescriptor }) => ({
        name,
        content,
        expand,
        chomp,
        fileDescriptor,
      })),
      line,
      endLine,
      ...(isJson(clause) ? { json: true as const } : {}),
    }));
}

function isJson(clause: InstructionNode['clause']): boolean {
  return clause.json || (clause.trigger?.json ?? false);
}
