// How each instruction reads what follows its flags: as words, as one text, as a JSON array with a fall-back, as
// names and values. These are BuildKit's rules; quotes stay in the words, for expansion removes them.

import { MilleError, quote } from '../../core/index.ts';
import { isSeparator, isSpace, skipSpace } from './characters.ts';
import type { Range } from './clause.ts';
import { readJsonStrings } from './json-array.ts';
import { type LogicalLine, wordAt } from './logical-line.ts';
import type { Escape, Word } from './tree.ts';

/** What a reader found. */
export interface Arguments {
  readonly args: readonly Word[];
  readonly json?: boolean;
  readonly legacy?: boolean;
}

type ArgumentReader = (line: LogicalLine, rest: Range, escapeChar: Escape) => Arguments;

/** Words between separators; quotes mean nothing. */
const readWords: ArgumentReader = (line, rest) => {
  const args: Word[] = [];
  let at = rest.start;
  while (at < rest.end) {
    const start = at;
    while (at < rest.end && !isSeparator(line.text.charCodeAt(at))) at++;
    args.push(wordAt(line, { start, end: at }));
    while (at < rest.end && isSeparator(line.text.charCodeAt(at))) at++;
  }
  return { args };
};

/** What BuildKit makes of whatever follows a word that is no instruction: one empty text. */
export const readNothing: ArgumentReader = (line, rest) => ({
  args: [wordAt(line, { start: rest.start, end: rest.start })],
});

/** All of it as one text. */
const readText: ArgumentReader = (line, rest) => ({
  args: rest.start === rest.end ? [] : [wordAt(line, rest)],
});

/** A JSON array of strings, or else the whole as one text for the shell. */
const readCommand: ArgumentReader = (line, rest) => {
  const json = readJsonStrings(line, rest);
  return json ? { args: json, json: true } : readText(line, rest, '\\');
};

/** A JSON array of strings, or else words. */
const readList: ArgumentReader = (line, rest) => {
  const json = readJsonStrings(line, rest);
  return json ? { args: json, json: true } : readWords(line, rest, '\\');
};

/** `CMD command` or `NONE`: a word, which only ASCII white space ends, then a command. */
const readHealthcheck: ArgumentReader = (line, rest) => {
  let end = rest.start;
  while (end < rest.end && !isSeparator(line.text.charCodeAt(end))) end++;
  if (end === rest.start) return { args: [] };
  let start = end;
  while (start < rest.end && isSeparator(line.text.charCodeAt(start))) start++;
  const command = readCommand(line, { start, end: rest.end }, '\\');
  return { ...command, args: [wordAt(line, { start: rest.start, end }), ...command.args] };
};

/** Words in which quotes and the escape character keep white space; both stay in the word. */
const readQuotedWords: ArgumentReader = (line, rest, escapeChar) => {
  const args: Word[] = [];
  let at = skipSpace(line.text, rest.start, rest.end);
  while (at < rest.end) {
    const word = quotedWordAt(line.text, { start: at, end: rest.end }, escapeChar);
    if (word.text !== '') args.push(wordAt(line, { start: at, end: word.end }, word.text));
    at = skipSpace(line.text, word.end, rest.end);
  }
  return { args };
};

function quotedWordAt(text: string, range: Range, escapeChar: Escape): { text: string; end: number } {
  let quote = '';
  let at = range.start;
  let dropped = 0;
  while (at < range.end && (quote !== '' || !isSpace(text.charCodeAt(at)))) {
    const char = text[at] as string;
    if (quote === '') {
      if (char === '"' || char === "'") quote = char;
    } else if (char === quote) {
      quote = '';
    }
    // Single quotes escape everything but their own end; elsewhere an escape character at the very end is dropped.
    if (char === escapeChar && quote !== "'") {
      if (at + 1 === range.end) dropped = 1;
      else at++;
    }
    at++;
  }
  return { text: text.slice(range.start, at - dropped), end: at };
}

/** `key=value …`, or `key value` when the first word has no `=`. Keys and values alternate in the result. */
const readPairs: ArgumentReader = (line, rest, escapeChar) => {
  const words = readQuotedWords(line, rest, escapeChar).args;
  const first = words[0];
  if (!first) return { args: [] };
  if (!first.text.includes('=')) return readLegacyPair(line, rest);
  const args: Word[] = [];
  for (const word of words) {
    const cut = word.text.indexOf('=');
    if (cut < 0) {
      throw new MilleError('dockerfile-syntax', `can't find = in ${quote(word.text)}: expected name=value`, {
        hint: 'put the value in quotes if it contains spaces',
        span: word.span,
      });
    }
    args.push(...cutWord(line, word, cut));
  }
  return { args };
};

/** A word cut at its `=`. The halves' places are exact unless the word itself goes over a line. */
function cutWord(line: LogicalLine, word: Word, cut: number): [Word, Word] {
  const { source, start, end } = word.span;
  const equals = line.source.text.startsWith(word.text, start)
    ? start + cut
    : source.text.indexOf('=', start);
  const at = equals < start || equals >= end ? end - 1 : equals;
  return [
    { text: word.text.slice(0, cut), span: { source, start, end: at } },
    { text: word.text.slice(cut + 1), span: { source, start: at + 1, end } },
  ];
}

function readLegacyPair(line: LogicalLine, rest: Range): Arguments {
  let keyEnd = rest.start;
  while (keyEnd < rest.end && !isSeparator(line.text.charCodeAt(keyEnd))) keyEnd++;
  if (keyEnd === rest.end) {
    const name = wordAt(line, rest);
    throw new MilleError('dockerfile-syntax', `${quote(name.text)} has no value`, {
      hint: 'write name=value',
      span: name.span,
    });
  }
  let valueStart = keyEnd;
  while (valueStart < rest.end && isSeparator(line.text.charCodeAt(valueStart))) valueStart++;
  return {
    args: [
      wordAt(line, { start: rest.start, end: keyEnd }),
      wordAt(line, { start: valueStart, end: rest.end }),
    ],
    legacy: true,
  };
}

/** The reader of each instruction, by its name in lower case. ONBUILD is read by `readClause` itself. */
export const argumentReaders: ReadonlyMap<string, ArgumentReader> = new Map([
  ['add', readList],
  ['arg', readQuotedWords],
  ['cmd', readCommand],
  ['copy', readList],
  ['entrypoint', readCommand],
  ['env', readPairs],
  ['expose', readWords],
  ['from', readWords],
  ['healthcheck', readHealthcheck],
  ['label', readPairs],
  ['maintainer', readText],
  ['run', readCommand],
  ['shell', readCommand],
  ['stopsignal', readText],
  ['user', readText],
  ['volume', readList],
  ['workdir', readText],
]);
