// What the readers of all instructions share: the common part of a typed instruction, its errors, command lines.

import { MilleError, type Span } from '../../core/index.ts';
import { trimSpace } from './characters.ts';
import type { CommandLine } from './instruction.ts';
import type { Clause, InstructionNode, Word } from './tree.ts';

/** What every instruction has. */
export interface InstructionHead {
  readonly span: Span;
  readonly text: string;
  readonly node: InstructionNode;
}

/** The common part of an instruction. */
export function instructionHead(node: InstructionNode): InstructionHead {
  const { source, text } = node.logical;
  const last = node.heredocs.at(-1);
  const bodyEnd = last ? (last.terminatorSpan ?? last.contentSpan).end : 0;
  const end = Math.max(
    node.clause.keyword.span.end,
    node.clause.rest.span.end,
    bodyEnd,
    lastFlagEnd(node.clause),
  );
  return { span: { source, start: node.clause.keyword.span.start, end }, text: trimSpace(text), node };
}

function lastFlagEnd(clause: Clause): number {
  return clause.flags.at(-1)?.span.end ?? 0;
}

/** The error of a malformed instruction; the place is the whole of it unless a word is given. */
export function malformed(
  head: InstructionHead,
  message: string,
  { hint, word }: { hint: string; word?: Word },
) {
  return new MilleError('dockerfile-syntax', message, { hint, span: word?.span ?? head.span });
}

/** A command in shell or exec form. */
export function commandLine(args: readonly Word[], json: boolean): CommandLine {
  if (json) return { form: 'exec', args };
  const text = args[0];
  return { form: 'shell', ...(text ? { text } : {}) };
}
