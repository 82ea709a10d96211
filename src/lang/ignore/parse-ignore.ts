// The text of an ignore file → its rules, in order.

import { encodePath, MilleError, quote, type SourceText, type Span } from '../../core/index.ts';
import type { Glob } from './glob.ts';
import { compileRule } from './rule-pattern.ts';

/** One line of the file that says something. */
export interface IgnoreRule {
  /** Cleaned: relative, without `!`. */
  readonly pattern: string;
  /** Written with `!`: what it matches is taken back in. */
  readonly negated: boolean;
  /** The line, trimmed. */
  readonly span: Span;
  readonly glob: Glob;
}

/** A parsed ignore file. Later rules win over earlier ones. */
export interface IgnoreRules {
  readonly source: SourceText;
  readonly rules: readonly IgnoreRule[];
}

/** Bytes of a line, as in BuildKit. */
const MAX_LINE = 65_535;

/**
 * Parses an ignore file. Comments begin at the first column; patterns are trimmed, cleaned and made relative.
 * @throws MilleError `file-format` with the place of the first pattern that is malformed.
 */
export function parseIgnore(source: SourceText): IgnoreRules {
  return parseLines(source, { start: source.text.startsWith('\ufeff') ? 1 : 0, asFile: true });
}

/**
 * Parses patterns of flags, one a line. They are trimmed and cleaned; there are no comments, and a leading slash is
 * part of the pattern.
 * @throws MilleError `file-format` with the place of the first pattern that is malformed.
 */
export function parsePatterns(source: SourceText): IgnoreRules {
  return parseLines(source, { start: 0, asFile: false });
}

interface Reading {
  readonly start: number;
  readonly asFile: boolean;
}

function parseLines(source: SourceText, { start: first, asFile }: Reading): IgnoreRules {
  const rules: IgnoreRule[] = [];
  let start = first;
  while (start < source.text.length) {
    const newline = source.text.indexOf('\n', start);
    const end = newline < 0 ? source.text.length : newline;
    if (asFile) checkLength(source, start, end);
    const comment = asFile && source.text[start] === '#';
    const rule = comment ? undefined : readRule({ source, start, end }, asFile);
    if (rule) rules.push(rule);
    start = end + 1;
  }
  return { source, rules };
}

function checkLength(source: SourceText, start: number, end: number): void {
  // A character is at most three bytes for each of its units: most lines need no counting.
  if (end - start <= MAX_LINE / 3) return;
  const bytes = encodePath(source.text.slice(start, end)).length;
  if (bytes <= MAX_LINE) return;
  throw new MilleError('file-format', `a line of ${bytes} bytes; ${MAX_LINE} are allowed`, {
    hint: 'break it into several patterns',
    span: { source, start, end },
  });
}

function readRule({ source, start: lineStart, end }: Span, asFile: boolean): IgnoreRule | undefined {
  const line = source.text.slice(lineStart, end);
  const text = trim(line);
  if (text === '') return undefined;
  const start = lineStart + line.indexOf(text);
  const span = { source, start, end: start + text.length };
  const cleaned = secondPass(asFile ? firstPass(text) : text);
  if (cleaned === '') return undefined;
  if (cleaned === '!') {
    throw new MilleError('file-format', 'a ! without a pattern', {
      hint: 'write the pattern right after it, or remove the line',
      span,
    });
  }
  const negated = cleaned.startsWith('!');
  return makeRule(negated ? cleaned.slice(1) : cleaned, negated, span);
}

/** What reading the file does to a trimmed line: cleans the pattern and drops its leading slash. */
function firstPass(text: string): string {
  const negated = text.startsWith('!');
  const written = negated ? trim(text.slice(1)) : text;
  const pattern = written === '' ? '' : cleanPattern(written);
  const relative = pattern.length > 1 && pattern.startsWith('/') ? pattern.slice(1) : pattern;
  return negated ? `!${relative}` : relative;
}

/** What making the matcher does to the result: it trims and cleans again, now with the `!` as part of the path. */
function secondPass(text: string): string {
  const trimmed = trim(text);
  return trimmed === '' ? '' : cleanPattern(trimmed);
}

function makeRule(pattern: string, negated: boolean, span: Span): IgnoreRule {
  const glob = compileRule(pattern);
  if (glob) return { pattern, negated, span, glob };
  throw new MilleError('file-format', `malformed pattern ${quote(pattern)}`, {
    hint: 'a [ needs its ], and a \\ needs a character to escape; separate directories with /',
    span,
  });
}

/** Unicode White_Space, which `trim` of JavaScript takes for U+FEFF in place of U+0085. */
function trim(text: string): string {
  return text.replace(/^[\p{White_Space}]+/u, '').replace(/[\p{White_Space}]+$/u, '');
}

/** `filepath.Clean` of Go: no empty or `.` parts, `..` resolved against what stands before it. */
function cleanPattern(path: string): string {
  const rooted = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!rooted) parts.push(part);
  }
  const joined = parts.join('/');
  return rooted ? `/${joined}` : joined === '' ? '.' : joined;
}
