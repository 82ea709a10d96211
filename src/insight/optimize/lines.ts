// Instructions as lines of a text that can be moved: with the comments right above them, which speak of them.

import type { TextEdit } from '../../core/index.ts';
import type { Instruction } from '../../lang/dockerfile/index.ts';
import type { Subject } from './subject.ts';

/** A range of the text. */
export interface Lines {
  readonly start: number;
  readonly end: number;
  /** Ends with a line end. */
  readonly text: string;
}

/** The lines of an instruction, and of the comments right above it. */
export function linesOf({ draft, lint }: Subject, { node }: Instruction): Lines {
  const { nodes } = lint.dockerfile.tree;
  let first = nodes.indexOf(node);
  while (nodes[first - 1]?.kind === 'comment') first--;
  const { start } = nodes[first]!;
  const { end } = node;
  const text = draft.source.text.slice(start, end);
  return { start, end, text: text.endsWith('\n') ? text : `${text}\n` };
}

/** Takes an instruction away. The comments above it stay: they may speak of more. */
export function linesWithout({ draft }: Subject, { node }: Instruction): readonly TextEdit[] {
  const { start, end } = node;
  // The last line takes the line end before it along.
  const isLast = end === draft.source.text.length && !draft.source.text.endsWith('\n');
  return [{ start: isLast ? Math.max(0, start - 1) : start, end, text: '' }];
}

/** Takes an instruction away, and puts other lines in its place. */
export function replaceLines({ start, end }: Lines, text: string): readonly TextEdit[] {
  // Two edits: what is new is nothing that the old has become.
  return [...(text === '' ? [] : [{ start, end: start, text }]), { start, end, text: '' }];
}

/** Takes an instruction away, and of blank lines on both sides of it one. */
export function removeLines({ draft }: Subject, { start, end }: Lines): readonly TextEdit[] {
  const { text } = draft.source;
  const isBlank = /(^|\n)\r?\n$/.test(text.slice(0, start));
  const [blank = ''] = /^\r?\n/.exec(text.slice(end)) ?? [];
  return [{ start, end: end + (isBlank ? blank.length : 0), text: '' }];
}

/** Puts lines below an instruction. */
export function insertBelow({ draft }: Subject, { node }: Instruction, text: string): TextEdit {
  const isOpen = !draft.source.text.slice(0, node.end).endsWith('\n');
  return { start: node.end, end: node.end, text: isOpen ? `\n${text.replace(/\n$/, '')}` : text };
}

/** Puts lines above an instruction and its comments. */
export function insertAbove(subject: Subject, instruction: Instruction, text: string): TextEdit {
  const { start } = linesOf(subject, instruction);
  return { start, end: start, text };
}
