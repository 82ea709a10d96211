// The text that a RUN gives to its shell, with the place in the source of every character.

import {
  type Clause,
  type InstructionNode,
  type LogicalLine,
  parseHeredocWord,
  sourceOffset,
} from '../../lang/dockerfile/index.ts';

/**
 * The text of RUN in shell form, as `runScript` gives it: the joined line, or the here-document where it stands alone;
 * bodies below in any other line. Undefined where a program with `#!` is meant, or nothing is there.
 */
export function shellText(node: InstructionNode, clause: Clause): LogicalLine | undefined {
  const text = clause.args[0]?.text ?? '';
  const line = joinedText(node, text);
  const [first] = node.heredocs;
  if (!first) return text === '' ? undefined : line;
  if (parseHeredocWord(text)) {
    if (first.content.startsWith('#!') && !isShellHead(first.content)) return undefined;
    return pieces(line, [bodyPieces(first.contentSpan.start, first.content, first.chomp)].flat());
  }
  const all: Piece[] = [...linePieces(line)];
  for (const { content, contentSpan, name, terminatorSpan } of node.heredocs) {
    all.push({ text: '\n', offset: contentSpan.start });
    all.push({ text: content, offset: contentSpan.start });
    all.push({ text: name, offset: terminatorSpan?.start ?? contentSpan.end });
  }
  return pieces(line, all);
}

/** The words of the exec form as one line, each at its place between its quotes. */
export function execText(node: InstructionNode, clause: Clause): LogicalLine {
  const all = clause.args.flatMap(({ text, span }, index): Piece[] => [
    ...(index === 0 ? [] : [{ text: ' ', offset: span.start }]),
    { text, offset: span.start + 1 },
  ]);
  return pieces(node.logical, all);
}

interface Piece {
  readonly text: string;
  readonly offset: number;
}

/** A script that says that it is for a shell of the family of `sh`. */
function isShellHead(content: string): boolean {
  return /^#!\s*(?:\/\S*\/env\s+)?(?:\/\S*\/)?(?:ba|da|a|k)?sh\b/.test(content);
}

/** The part of the joined line that is the command: it ends where the line does, but for white space. */
function joinedText({ logical }: InstructionNode, text: string): LogicalLine {
  const start = Math.max(0, logical.text.lastIndexOf(text));
  const end = start + text.length;
  const all: Piece[] = [];
  let at = start;
  for (let index = 0; index < logical.starts.length; index++) {
    const next = Math.min(end, logical.starts[index + 1] ?? logical.text.length);
    if (next <= at) continue;
    all.push({ text: logical.text.slice(at, next), offset: sourceOffset(logical, at) });
    at = next;
  }
  return pieces(logical, all);
}

function linePieces({ text, starts, offsets }: LogicalLine): Piece[] {
  return starts.map((start, index) => ({
    text: text.slice(start, starts[index + 1] ?? text.length),
    offset: offsets[index] ?? 0,
  }));
}

/** A body; with `<<-` without the tabs in front of its lines. */
function bodyPieces(start: number, content: string, chomp: boolean): Piece[] {
  if (!chomp) return [{ text: content, offset: start }];
  let offset = start;
  return content.split(/(?<=\n)/).map((line) => {
    const text = line.replace(/^\t+/, '');
    const piece = { text, offset: offset + line.length - text.length };
    offset += line.length;
    return piece;
  });
}

function pieces({ source }: LogicalLine, all: readonly Piece[]): LogicalLine {
  const starts: number[] = [];
  const offsets: number[] = [];
  let text = '';
  for (const piece of all) {
    if (piece.text === '') continue;
    starts.push(text.length);
    offsets.push(piece.offset);
    text += piece.text;
  }
  return { source, text, starts, offsets };
}
