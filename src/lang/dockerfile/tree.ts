// The lossless syntax tree. A file is a sequence of nodes that lie end to end and cover every character, so that
// printing the nodes gives back the text that was read, whatever it was. A node is a range; what it means (the
// keyword, flags and arguments of an instruction) hangs on it, each word with its own place in the source.

import type { MilleError, SourceText, Span } from '../../core/index.ts';
import type { LogicalLine } from './logical-line.ts';

/** A piece of an instruction as its parser sees it: `text` is what was read, `span` is where it was written. */
export interface Word {
  readonly text: string;
  readonly span: Span;
}

/** A builder flag, `--name` or `--name=value`. Quotes and escapes are already removed, variables are not expanded. */
export interface FlagWord extends Word {
  readonly name: string;
  /** Absent when the flag was written without `=`. */
  readonly value?: Word;
}

/** A here-document: the word that announced it and the lines it took from below the instruction. */
export interface Heredoc {
  /** The terminator, unquoted; also the name of the file that COPY and ADD make of it. */
  readonly name: string;
  /** Whether variables in the body are expanded by COPY and ADD: false when the name was quoted. */
  readonly expand: boolean;
  /** Written `<<-`: leading tabs of each line are dropped (see `chompHeredoc`); `content` still has them. */
  readonly chomp: boolean;
  readonly fileDescriptor: number;
  /** The body as written, line ends included, without the terminator's line. */
  readonly content: string;
  readonly contentSpan: Span;
  /** The line of the terminator; absent when the file ended before it (which is an error). */
  readonly terminatorSpan?: Span;
}

/** `KEYWORD --flag… arguments`: what an instruction says; ONBUILD holds a second one. */
export interface Clause {
  /** As written; compare in lower case. */
  readonly keyword: Word;
  readonly flags: readonly FlagWord[];
  /** Everything after keyword and flags, trimmed. */
  readonly rest: Word;
  /** The arguments as BuildKit's parser sees them: words, elements of the JSON array, the one shell string. */
  readonly args: readonly Word[];
  /** For ENV and LABEL `args` alternate key and value; this says that the old form `ENV key value` was used. */
  readonly legacy: boolean;
  /** Whether `args` are the elements of a JSON array. */
  readonly json: boolean;
  /** What ONBUILD holds. */
  readonly trigger?: Clause;
}

/** A comment or blank line between the lines of an instruction, or the escape and line end that join two lines. */
export interface Trivia {
  readonly kind: 'comment' | 'blank' | 'continuation';
  readonly start: number;
  readonly end: number;
}

interface NodeRange {
  /** UTF-16 offsets into the source; `end` is exclusive and includes the line end. */
  readonly start: number;
  readonly end: number;
}

/** U+FEFF at the head of the file. */
export interface BomNode extends NodeRange {
  readonly kind: 'bom';
}

export interface BlankNode extends NodeRange {
  readonly kind: 'blank';
}

export interface CommentNode extends NodeRange {
  readonly kind: 'comment';
  /** Without `#` and surrounding space. */
  readonly text: string;
}

/** `# syntax=…`, `# escape=…` or `# check=…` at the head of the file. */
export interface DirectiveNode extends NodeRange {
  readonly kind: 'directive';
  readonly name: 'syntax' | 'escape' | 'check';
  readonly value: Word;
}

export interface InstructionNode extends NodeRange {
  readonly kind: 'instruction';
  /** First and last line, from 1; the last includes here-documents. */
  readonly line: number;
  readonly endLine: number;
  /** The joined line and how its offsets map to the source. */
  readonly logical: LogicalLine;
  readonly clause: Clause;
  readonly heredocs: readonly Heredoc[];
  /** Comments, blank lines and continuations inside the instruction. */
  readonly trivia: readonly Trivia[];
  /** The comments directly above, without `#`; an empty comment line starts the list anew. */
  readonly comments: readonly string[];
}

export type SyntaxNode = BomNode | BlankNode | CommentNode | DirectiveNode | InstructionNode;

/** A parsed file. It exists for any text; what is wrong with it is in `errors`, in the order of their places. */
export interface SyntaxTree {
  readonly source: SourceText;
  readonly nodes: readonly SyntaxNode[];
  /** The escape character in force, from the `escape` directive. */
  readonly escape: Escape;
  readonly errors: readonly MilleError[];
}

/** The character that joins lines and escapes others. */
export type Escape = '\\' | '`';

/** Prints the nodes back. For any text, `printTree(parseTree(source))` is that text. */
export function printTree(tree: SyntaxTree): string {
  return tree.nodes.map((node) => tree.source.text.slice(node.start, node.end)).join('');
}
