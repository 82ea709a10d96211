// One joined line → keyword, flags, arguments. The flags are cut off first, for every instruction alike; what is
// left is read in the manner of the instruction.

import { MilleError, type Span } from '../../core/index.ts';
import { argumentReaders, readNothing } from './arguments.ts';
import { isSeparator, lowerCase, skipSpace, trimEnd } from './characters.ts';
import { type LogicalLine, sourceSpan, wordAt } from './logical-line.ts';
import type { Clause, Escape, FlagWord } from './tree.ts';

/** A range of a joined line. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a clause. What is wrong with its arguments is pushed to `errors`; the clause then has none.
 * ONBUILD's trigger is read in the same manner. That ONBUILD may not follow ONBUILD is no matter of syntax.
 */
export function readClause(line: LogicalLine, escapeChar: Escape, errors: MilleError[]): Clause {
  return readRange(line, { start: 0, end: line.text.length }, { escape: escapeChar, errors, depth: 0 });
}

interface Context {
  readonly escape: Escape;
  readonly errors: MilleError[];
  /** How many ONBUILD stand before. */
  readonly depth: number;
}

/** ONBUILD before ONBUILD that is still read: each costs a call, and a line may hold half a million. */
const MAX_ONBUILD = 100;

function chainedOnbuild(span: Span): MilleError {
  return new MilleError('dockerfile-syntax', `more than ${MAX_ONBUILD} ONBUILD follow one another`, {
    hint: 'ONBUILD takes one instruction other than ONBUILD',
    span,
  });
}

function readRange(line: LogicalLine, range: Range, context: Context): Clause {
  const text = line.text;
  const start = skipSpace(text, range.start, range.end);
  const end = trimEnd(text, start, range.end);
  let keywordEnd = start;
  while (keywordEnd < end && !isSeparator(text.charCodeAt(keywordEnd))) keywordEnd++;
  let flagsStart = keywordEnd;
  while (flagsStart < end && isSeparator(text.charCodeAt(flagsStart))) flagsStart++;

  const { flags, restStart } = readFlags(line, { start: flagsStart, end }, context.escape);
  const rest = { start: skipSpace(text, restStart, end), end };
  const keyword = wordAt(line, { start, end: keywordEnd });
  const base = { keyword, flags, rest: wordAt(line, rest), legacy: false, json: false };

  const name = lowerCase(keyword.text);
  if (name === 'onbuild') {
    if (rest.start === rest.end) return { ...base, args: [] };
    if (context.depth === MAX_ONBUILD) {
      context.errors.push(chainedOnbuild(sourceSpan(line, start, keywordEnd)));
      return { ...base, args: [] };
    }
    const trigger = readRange(line, rest, { ...context, depth: context.depth + 1 });
    return { ...base, args: [trigger.keyword, ...trigger.args], trigger };
  }
  try {
    const read = argumentReaders.get(name) ?? readNothing;
    return { ...base, ...read(line, rest, context.escape) };
  } catch (error) {
    if (!(error instanceof MilleError)) throw error;
    context.errors.push(error.at(sourceSpan(line, start, end)));
    return { ...base, args: [] };
  }
}

/** Reads leading `--words`. Quotes group and vanish, the escape character takes the next one literally. */
function readFlags(
  line: LogicalLine,
  range: Range,
  escapeChar: Escape,
): { flags: FlagWord[]; restStart: number } {
  const { text } = line;
  const flags: FlagWord[] = [];
  let at = range.start;
  while (true) {
    while (at < range.end && isFlagSpace(text.charCodeAt(at))) at++;
    if (!text.startsWith('--', at) || at + 2 > range.end) return { flags, restStart: at };
    const start = at;
    let cooked = '';
    let equals: number | undefined;
    let quote = '';
    let quoted = false;
    while (at < range.end && (quote !== '' || !isFlagSpace(text.charCodeAt(at)))) {
      const char = text[at] as string;
      if (quote === '' ? char === '"' || char === "'" : char === quote) {
        quote = quote === '' ? char : '';
        quoted = true;
      } else if (char !== escapeChar || at + 1 < range.end) {
        if (char === escapeChar) at++;
        if (text[at] === '=') equals ??= at;
        cooked += text[at];
      }
      at++;
    }
    if (cooked === '--') return { flags, restStart: at };
    if (cooked !== '' || quoted) flags.push(flagWord(line, { start, end: at }, { cooked, equals }));
  }
}

/** Only ASCII white space separates flags: BuildKit reads them byte by byte. */
function isFlagSpace(code: number): boolean {
  return isSeparator(code) || code === 10;
}

function flagWord(
  line: LogicalLine,
  range: Range,
  { cooked, equals = range.start - 1 }: { cooked: string; equals: number | undefined },
): FlagWord {
  const word = wordAt(line, range, cooked);
  const cut = cooked.indexOf('=');
  if (cut < 0) return { ...word, name: cooked.slice(2) };
  return {
    ...word,
    name: cooked.slice(2, cut),
    value: wordAt(line, { start: equals + 1, end: range.end }, cooked.slice(cut + 1)),
  };
}
