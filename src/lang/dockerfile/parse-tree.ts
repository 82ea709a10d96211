// Text → lossless tree. Reads physical lines: the byte order mark, directives, comments, blank lines, and
// instructions with their continuations and here-documents. Never throws: what is wrong goes to `errors`.

import { LIMITS, MilleError, quote, type SourceText, type Span } from '../../core/index.ts';
import { skipSpace, trimSpace } from './characters.ts';
import { readClause } from './clause.ts';
import { findDirective } from './directive.ts';
import { type HeredocStart, heredocsOfLine, mayHoldHeredocs } from './heredoc.ts';
import {
  continuationAt,
  isBlankLine,
  isCommentLine,
  lineAt,
  type PhysicalLine,
  utf8Length,
} from './lines.ts';
import { type LogicalLine, sourceSpan } from './logical-line.ts';
import type { Clause, DirectiveNode, Escape, Heredoc, SyntaxNode, SyntaxTree, Trivia } from './tree.ts';
import { unfinishedHeredoc } from './unfinished-heredoc.ts';

/** Bytes of one physical line, as in BuildKit. */
const MAX_LINE = 65_535;

/** Errors of one file that are looked for. A file with more of them is of another kind, and each costs its time. */
export const MAX_ERRORS = 100;

/** Parses any text. The nodes of the result cover all of it. */
export function parseTree(source: SourceText): SyntaxTree {
  const reader: Reader = {
    source,
    at: 0,
    lineNumber: 0,
    escape: '\\',
    directives: new Set(),
    directivesDone: false,
    nodes: [],
    errors: [],
    comments: [],
  };
  if (source.text.startsWith('\ufeff')) {
    reader.nodes.push({ kind: 'bom', start: 0, end: 1 });
    reader.at = 1;
  }
  if (utf8Length(source.text, 0, source.text.length) > LIMITS.dockerfile) {
    reader.errors.push(
      new MilleError('dockerfile-syntax', `${source.name} is larger than ${LIMITS.dockerfile} bytes`, {
        hint: 'move what it writes to files, and COPY them',
      }),
    );
    leaveUnread(reader);
  }
  while (reader.at < source.text.length) {
    if (reader.errors.length < MAX_ERRORS) readNode(reader);
    else leaveUnread(reader);
  }
  const errors = reader.errors.sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
  return { source, nodes: reader.nodes, escape: reader.escape, errors };
}

interface Reader {
  readonly source: SourceText;
  at: number;
  /** Number of the line before `at`. */
  lineNumber: number;
  escape: Escape;
  readonly directives: Set<string>;
  directivesDone: boolean;
  readonly nodes: SyntaxNode[];
  readonly errors: MilleError[];
  /** Comments since the last instruction or empty comment. */
  comments: string[];
}

/** The rest of the file becomes one node without a meaning: the errors found stand for it. */
function leaveUnread(reader: Reader): void {
  reader.nodes.push({ kind: 'blank', start: reader.at, end: reader.source.text.length });
  reader.at = reader.source.text.length;
}

function readNode(reader: Reader): void {
  const { text } = reader.source;
  const line = nextLine(reader);
  const hash = skipSpace(text, line.start, line.contentEnd);
  if (isCommentLine(text, line)) {
    const directive = reader.directivesDone ? undefined : readDirective(reader, line, hash);
    if (directive) {
      reader.nodes.push(directive);
      return;
    }
    reader.directivesDone = true;
    const comment = trimSpace(text.slice(hash + 1, line.contentEnd));
    reader.nodes.push({ kind: 'comment', start: line.start, end: line.end, text: comment });
    // BuildKit drops the line's first character, whatever it is: in an indented comment the `#` is kept.
    const kept = hash === line.start ? comment : trimSpace(text.slice(line.start + 1, line.contentEnd));
    if (kept === '') reader.comments = [];
    else reader.comments.push(kept);
    return;
  }
  reader.directivesDone = true;
  if (isBlankLine(text, line)) reader.nodes.push({ kind: 'blank', start: line.start, end: line.end });
  else readInstruction(reader, line, hash);
}

/** Takes the next physical line. */
function nextLine(reader: Reader): PhysicalLine {
  const line = lineAt(reader.source.text, reader.at);
  reader.at = line.end;
  reader.lineNumber++;
  // Most lines are far too short to need counting: a character is at most three bytes. All but the `\n` counts.
  const end = reader.source.text[line.end - 1] === '\n' ? line.end - 1 : line.end;
  if (end - line.start > MAX_LINE / 3) {
    const bytes = utf8Length(reader.source.text, line.start, end);
    if (bytes > MAX_LINE) {
      reader.errors.push(
        new MilleError(
          'dockerfile-syntax',
          `line ${reader.lineNumber} has ${bytes} bytes; ${MAX_LINE} are allowed`,
          {
            hint: 'break the line, or move its content to a file',
            span: { source: reader.source, start: line.start, end: line.contentEnd },
          },
        ),
      );
    }
  }
  return line;
}

function readDirective(reader: Reader, line: PhysicalLine, hash: number): DirectiveNode | undefined {
  const { source } = reader;
  const found = findDirective(source.text, hash + 1, line.contentEnd);
  if (!found) return undefined;
  const span = { source, start: found.valueStart, end: found.valueEnd };
  const value = { text: source.text.slice(span.start, span.end), span };
  if (reader.directives.has(found.name)) {
    fail(reader, span, {
      message: `the directive ${found.name} stands here a second time`,
      hint: 'remove one of them',
    });
  } else if (found.name === 'escape') {
    if (value.text === '\\' || value.text === '`') {
      reader.escape = value.text;
    } else {
      fail(reader, span, {
        message: `the escape character cannot be ${quote(value.text)}`,
        hint: 'it is either \\ or `',
      });
    }
  }
  reader.directives.add(found.name);
  return { kind: 'directive', start: line.start, end: line.end, name: found.name, value };
}

function fail(reader: Reader, span: Span, error: { readonly message: string; readonly hint: string }): void {
  reader.errors.push(new MilleError('dockerfile-syntax', error.message, { hint: error.hint, span }));
}

function readInstruction(reader: Reader, first: PhysicalLine, textStart: number): void {
  const startLine = reader.lineNumber;
  const trivia: Trivia[] = [];
  const logical = readLogicalLine(reader, { line: first, textStart, trivia });
  const clause = readClause(logical, reader.escape, reader.errors);
  const heredocs = readHeredocs(reader, clause, logical);
  reader.nodes.push({
    kind: 'instruction',
    start: first.start,
    end: reader.at,
    line: startLine,
    endLine: reader.lineNumber,
    logical,
    clause,
    heredocs,
    trivia,
    comments: reader.comments,
  });
  reader.comments = [];
}

interface Opening {
  readonly line: PhysicalLine;
  /** Where the first line's text begins: its leading white space does not count. */
  readonly textStart: number;
  readonly trivia: Trivia[];
}

/** Joins the lines of an instruction. Comments and blank lines between them are skipped. */
function readLogicalLine(reader: Reader, { line: first, textStart, trivia }: Opening): LogicalLine {
  const { source } = reader;
  const pieces: string[] = [];
  const starts: number[] = [];
  const offsets: number[] = [];
  let length = 0;
  let start = textStart;
  let line = first;
  while (true) {
    const joint = continuationAt(source.text, { start, end: line.contentEnd }, reader.escape);
    const end = joint < 0 ? line.contentEnd : joint;
    if (end > start || starts.length === 0) {
      pieces.push(source.text.slice(start, end));
      starts.push(length);
      offsets.push(start);
      length += end - start;
    }
    if (joint < 0) break;
    trivia.push({ kind: 'continuation', start: joint, end: line.end });
    const next = nextTextLine(reader, trivia);
    if (!next) break;
    line = next;
    start = next.start;
  }
  return { source, text: pieces.join(''), starts, offsets };
}

/** The next line of an instruction that goes on; undefined at the end of the file. */
function nextTextLine(reader: Reader, trivia: Trivia[]): PhysicalLine | undefined {
  const { text } = reader.source;
  while (reader.at < text.length) {
    const line = nextLine(reader);
    if (isCommentLine(text, line)) trivia.push({ kind: 'comment', start: line.start, end: line.end });
    else if (isBlankLine(text, line)) trivia.push({ kind: 'blank', start: line.start, end: line.end });
    else return line;
  }
  return undefined;
}

function readHeredocs(reader: Reader, clause: Clause, logical: LogicalLine): Heredoc[] {
  if (!mayHoldHeredocs(clause)) return [];
  const whole = sourceSpan(logical, 0, logical.text.length);
  let starts: HeredocStart[] = [];
  try {
    starts = heredocsOfLine(logical.text);
  } catch (error) {
    if (!(error instanceof MilleError)) throw error;
    reader.errors.push(error.at(whole));
  }
  const heredocs: Heredoc[] = [];
  for (const start of starts) {
    const heredoc = readBody(reader, start);
    heredocs.push(heredoc);
    if (!heredoc.terminatorSpan) {
      reader.errors.push(unfinishedHeredoc(heredoc, logical));
      break;
    }
  }
  return heredocs;
}

/** Takes lines up to the terminator. */
function readBody(reader: Reader, start: HeredocStart): Heredoc {
  const { source } = reader;
  const bodyStart = reader.at;
  let bodyEnd = source.text.length;
  let terminatorSpan: Span | undefined;
  while (!terminatorSpan && reader.at < source.text.length) {
    const line = nextLine(reader);
    let from = line.start;
    if (start.chomp) while (from < line.contentEnd && source.text[from] === '\t') from++;
    if (line.contentEnd - from === start.name.length && source.text.startsWith(start.name, from)) {
      bodyEnd = line.start;
      terminatorSpan = { source, start: line.start, end: line.contentEnd };
    }
  }
  return {
    ...start,
    content: source.text.slice(bodyStart, bodyEnd),
    contentSpan: { source, start: bodyStart, end: bodyEnd },
    ...(terminatorSpan ? { terminatorSpan } : {}),
  };
}
