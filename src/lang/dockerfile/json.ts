// The tree as plain JSON: what `mille parse --json` prints. It shows what BuildKit's parser keeps of each
// instruction, in its shapes, so that both can be compared.

import { lowerCase, wellFormed } from './characters.ts';
import type { Clause, Heredoc, InstructionNode, SyntaxTree } from './tree.ts';

/** What a keyword, flags and arguments say. */
export interface JsonClause {
  /** The keyword in lower case. */
  readonly instruction: string;
  readonly flags: readonly string[];
  /**
   * Words, the elements of a JSON array, one text for the shell, keys and values in turn: whatever this instruction
   * takes. Of ONBUILD it is the keyword of the trigger and what that takes; of a word that is no instruction, one
   * empty text, for BuildKit reads no further there.
   */
  readonly args: readonly string[];
  /** There when the arguments were a JSON array. */
  readonly json?: true;
  /** What ONBUILD holds. */
  readonly trigger?: JsonClause;
}

/** One instruction with its here-documents and its first and last line, from 1. */
export interface JsonInstruction extends JsonClause {
  readonly heredocs: readonly JsonHeredoc[];
  readonly line: number;
  readonly endLine: number;
}

export type JsonHeredoc = Pick<Heredoc, 'name' | 'fileDescriptor' | 'expand' | 'chomp' | 'content'>;

/** All instructions of a tree. Texts are well-formed: what was no UTF-8 has become U+FFFD, as in any JSON of Go. */
export function toJson(tree: SyntaxTree): JsonInstruction[] {
  return tree.nodes
    .filter((node): node is InstructionNode => node.kind === 'instruction')
    .map(({ clause, heredocs, line, endLine }) => ({
      ...clauseJson(clause),
      heredocs: heredocs.map(({ name, fileDescriptor, expand, chomp, content }) => ({
        name: wellFormed(name),
        fileDescriptor,
        expand,
        chomp,
        content: wellFormed(content),
      })),
      line,
      endLine,
    }));
}

function clauseJson(clause: Clause): JsonClause {
  return {
    instruction: wellFormed(lowerCase(clause.keyword.text)),
    flags: clause.flags.map((flag) => wellFormed(flag.text)),
    args: clause.args.map((word) => wellFormed(word.text)),
    ...(clause.json ? { json: true as const } : {}),
    ...(clause.trigger ? { trigger: clauseJson(clause.trigger) } : {}),
  };
}
