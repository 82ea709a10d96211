// Expansion of variables and removal of quotes, as BuildKit's shell lexer does it: a subset of POSIX parameter
// expansion (2.6.2) with `${x/pattern/replacement}` added. One pass gives both results anybody needs: the text as
// a whole, and the same split into words at white space that was neither quoted nor escaped.

import { MilleError, quote } from '../../core/index.ts';
import { isSpace } from './characters.ts';
import { expandDollar } from './parameter.ts';
import type { Escape, Word } from './tree.ts';

/** How to expand. By default quotes and escapes are removed and an unset variable is empty. */
export interface ExpandOptions {
  /** The value of a variable; undefined when it is not set. */
  readonly lookup?: (name: string) => string | undefined;
  /** The escape character in force; `\` by default. */
  readonly escape?: Escape;
  /** Leave quotes in the result. They still group. */
  readonly keepQuotes?: boolean;
  /** Leave escape characters in the result. */
  readonly keepEscapes?: boolean;
  /** Leave references to variables that are not set as they are written. */
  readonly keepUnset?: boolean;
  /** Quotes are ordinary characters, as in the body of a here-document. */
  readonly plainQuotes?: boolean;
}

/** What an expansion gave. */
export interface Expansion {
  readonly text: string;
  readonly words: readonly string[];
  /** Variables that were looked up and are set, each once, in order of first use. */
  readonly used: readonly string[];
  /** Variables that were looked up and are not set. */
  readonly unset: readonly string[];
}

/**
 * Expands a word, or a text with several words in it.
 * @throws MilleError `expansion` for a malformed `${…}`, an unmatched quote, or `${x:?message}` that fails.
 */
export function expandWord(word: Word | string, options: ExpandOptions = {}): Expansion {
  const text = typeof word === 'string' ? word : word.text;
  try {
    return expandText(text, options);
  } catch (error) {
    throw error instanceof MilleError && typeof word !== 'string' ? error.at(word.span) : error;
  }
}

/** Expands the body of a here-document of COPY or ADD: quotes are text, the escape character is always `\`. */
export function expandHeredoc(content: string, lookup: (name: string) => string | undefined): Expansion {
  return expandText(content, { lookup, plainQuotes: true });
}

/** Splits a text into words without expanding any variable. */
export function lexWords(
  text: string,
  options: Pick<ExpandOptions, 'keepQuotes' | 'keepEscapes'>,
): readonly string[] {
  return expandText(text, { ...options, keepUnset: true }).words;
}

function expandText(text: string, options: ExpandOptions): Expansion {
  const words: WordList = { done: [], current: '', inWord: false };
  const scan: Scan = {
    text,
    words,
    at: startOf(text),
    depth: 0,
    size: 0,
    options,
    escape: options.escape ?? '\\',
    keepEscapes: options.keepEscapes ?? false,
    inPattern: false,
    used: new Set(),
    unset: new Set(),
  };
  const result = expandUntil(scan, '', words);
  if (words.current !== '') words.done.push(words.current);
  return { text: result, words: words.done, used: [...scan.used], unset: [...scan.unset] };
}

/** Where a text begins: behind a byte order mark, which the scanner that BuildKit uses skips. */
export function startOf(text: string): number {
  return text.startsWith('\ufeff') ? 1 : 0;
}

/** The state of one expansion. */
export interface Scan {
  readonly text: string;
  at: number;
  depth: number;
  /** Characters produced so far, to bound what a few lines can grow to. */
  size: number;
  readonly options: ExpandOptions;
  readonly escape: Escape;
  keepEscapes: boolean;
  /** Whether the text becomes a pattern, which reads escape characters once more: those between quotes are doubled. */
  inPattern: boolean;
  /**
   * The split into words. Entering `${x-…}`, `${x#…}` or `${x/…}` empties the word begun before it: BuildKit shares
   * one buffer between both, so that `EXPOSE 80${X:-90}` exposes 90. Images must come out the same.
   */
  readonly words: WordList;
  readonly used: Set<string>;
  readonly unset: Set<string>;
}

interface WordList {
  readonly done: string[];
  current: string;
  inWord: boolean;
}

/** Nesting of `${a:-${b:-…}}` that is still read, and characters that one expansion may produce. */
const MAX_DEPTH = 500;
const MAX_SIZE = 16 * 1024 * 1024;

/** The character at the scan's place, whole, or '' at the end. */
export function peek(scan: Scan): string {
  const code = scan.text.codePointAt(scan.at);
  return code === undefined ? '' : code < 0x80 ? (scan.text[scan.at] as string) : String.fromCodePoint(code);
}

/** Takes that character. */
export function take(scan: Scan): string {
  const char = peek(scan);
  scan.at += char.length;
  return char;
}

/** Makes the error of a malformed or failing expansion. */
export function expansionError(scan: Scan, message: string): MilleError {
  return new MilleError('expansion', `${message} in ${quote(scan.text, 200)}`, {
    ...(message.startsWith('missing ')
      ? { hint: 'write ${NAME} for a variable, \\$ for a dollar sign' }
      : {}),
  });
}

/**
 * Expands up to `stop`, which is taken, or to the end when `stop` is ''. `words`, where given, receives the split.
 * @throws MilleError `expansion`, also when `stop` is never found.
 */
export function expandUntil(scan: Scan, stop: string, words?: WordList): string {
  if (++scan.depth > MAX_DEPTH) throw expansionError(scan, `more than ${MAX_DEPTH} nested expansions`);
  let result = '';
  while (scan.at < scan.text.length) {
    const char = peek(scan);
    if (stop !== '' && char === stop) {
      scan.at++;
      scan.depth--;
      return result;
    }
    let piece: string;
    if (char === '$') {
      piece = expandDollar(scan);
      if (words) addSplit(words, piece);
    } else if (char === '<') {
      piece = takeHeredocOperator(scan);
      if (words) addRaw(words, piece);
    } else if ((char === '"' || char === "'") && !scan.options.plainQuotes) {
      piece = char === '"' ? takeDoubleQuoted(scan) : takeSingleQuoted(scan);
      if (words) addRaw(words, piece);
    } else if (char === scan.escape) {
      scan.at++;
      piece = (scan.keepEscapes ? char : '') + take(scan);
      if (words && piece !== '') addRaw(words, piece);
    } else {
      scan.at += char.length;
      piece = char;
      if (words) addCharacter(words, char);
    }
    result += piece;
    scan.size += piece.length;
    if (scan.size > MAX_SIZE) throw expansionError(scan, `more than ${MAX_SIZE} characters`);
  }
  if (stop !== '')
    throw expansionError(scan, stop === '/' ? "missing '/' of ${x/pattern/replacement}" : "missing '}'");
  scan.depth--;
  return result;
}

/** `<` and `<<`; the latter with the space after it, so that `<< EOF` stays one word. */
function takeHeredocOperator(scan: Scan): string {
  const start = scan.at++;
  if (peek(scan) === '<') {
    scan.at++;
    while (/^[\t\r ]$/.test(peek(scan))) scan.at++;
  }
  return scan.text.slice(start, scan.at);
}

/** Everything up to the next single quote is text. */
function takeSingleQuoted(scan: Scan): string {
  const start = scan.at;
  const end = scan.text.indexOf("'", start + 1);
  if (end < 0) throw expansionError(scan, 'a single quote has no match');
  scan.at = end + 1;
  const quote = scan.options.keepQuotes ? "'" : '';
  const text = scan.text.slice(start + 1, end);
  return quote + (scan.inPattern ? text.replaceAll(scan.escape, scan.escape + scan.escape) : text) + quote;
}

/** Variables expand, and the escape character escapes the quote, `$` and itself; before others it is text. */
function takeDoubleQuoted(scan: Scan): string {
  const quote = scan.options.keepQuotes ? '"' : '';
  scan.at++;
  let result = quote;
  while (scan.at < scan.text.length) {
    const char = peek(scan);
    if (char === '"') {
      scan.at++;
      return result + quote;
    }
    if (char === '$') {
      result += expandDollar(scan);
      continue;
    }
    scan.at += char.length;
    if (char !== scan.escape) {
      result += char;
      continue;
    }
    const next = peek(scan);
    if (next === '') break;
    if (next === '"' || next === '$' || next === scan.escape) {
      result += scan.keepEscapes ? char + next : next;
      scan.at++;
    } else {
      const doubled = scan.keepEscapes && (scan.inPattern || quote === '');
      result += doubled ? char + char : char;
    }
  }
  throw expansionError(scan, 'a double quote has no match');
}

function addRaw(words: WordList, text: string): void {
  words.current += text;
  words.inWord = true;
}

/** The value of a variable: its white space separates words. */
function addSplit(words: WordList, text: string): void {
  if (!/[\s\u0085]/.test(text)) {
    if (text !== '') addRaw(words, text);
  } else {
    for (const char of text) addCharacter(words, char);
  }
}

function addCharacter(words: WordList, char: string): void {
  if (!isSpace(char.charCodeAt(0))) {
    addRaw(words, char);
  } else if (words.inWord && words.current !== '') {
    words.done.push(words.current);
    words.current = '';
    words.inWord = false;
  }
}
