// Changes of commands → edits of the Dockerfile. A command may stand on several lines, with comments between them, and
// in quotes: where a change cannot be written without touching more than is meant, there is none.

import type { TextEdit } from '../../core/index.ts';
import { sourceOffset, sourceSpan } from '../../lang/dockerfile/index.ts';
import { appendToList, type PlacedCommand, type Replacement } from '../../lang/shell/index.ts';
import type { RunFacts } from './run-facts.ts';

/** A change of a command as an edit of the Dockerfile. */
export function shellEdit(
  run: RunFacts,
  placed: PlacedCommand,
  replacement: Replacement | undefined,
): TextEdit | undefined {
  if (!replacement || !isEditable(run, placed, replacement.text)) return undefined;
  const { start, end, text } = replacement;
  if (start === end) {
    const at = offsetAfter(run, start);
    return { start: at, end: at, text };
  }
  const span = sourceSpan(run.line, start, end);
  const written = span.source.text.slice(span.start, span.end);
  // What is taken away may go over line ends, but a comment there is somebody's.
  if (written !== run.line.text.slice(start, end) && (text !== '' || holdsComment(run, span)))
    return undefined;
  return { start: span.start, end: span.end, text };
}

/**
 * Appends a command with `&&` to the list that a command is in, on a line of its own where the list has several, in the
 * style of its last line.
 */
export function appendEdit(run: RunFacts, placed: PlacedCommand, command: string): TextEdit | undefined {
  const replacement = appendToList(placed, command);
  if (!replacement || !isEditable(run, placed, command)) return undefined;
  const at = offsetAfter(run, replacement.start);
  return { start: at, end: at, text: onOwnLine(run, at, command) ?? replacement.text };
}

function onOwnLine(
  { at: node, line: { source } }: RunFacts,
  offset: number,
  command: string,
): string | undefined {
  const joint = node.trivia.findLast(({ kind, end }) => kind === 'continuation' && end <= offset);
  if (!joint) return undefined;
  const lineStart = source.text.lastIndexOf('\n', offset - 1) + 1;
  // In a here-document, lines are not joined.
  if (!node.trivia.some(({ end }) => end === lineStart)) return undefined;
  const joined = source.text.slice(joint.start, joint.end);
  const [indent = ''] = /^[ \t]*/.exec(source.text.slice(lineStart, offset)) ?? [];
  const leading = source.text.startsWith('&&', lineStart + indent.length);
  return leading ? ` ${joined}${indent}&& ${command}` : ` && ${joined}${indent}${command}`;
}

function isEditable({ form }: RunFacts, { place }: PlacedCommand, text: string): boolean {
  if (form === 'exec' || !place.exact) return false;
  // Within quotes a quote means something else.
  return !place.within.includes('quoted-script') || !/["'\\$`\n]/.test(text);
}

function offsetAfter({ line }: RunFacts, offset: number): number {
  return offset === 0 ? sourceOffset(line, 0) : sourceOffset(line, offset - 1) + 1;
}

function holdsComment(
  { at }: RunFacts,
  { start, end }: { readonly start: number; readonly end: number },
): boolean {
  return at.trivia.some((one) => one.kind === 'comment' && one.start < end && one.end > start);
}
