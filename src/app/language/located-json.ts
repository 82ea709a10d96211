// JSON in which every value knows where it was written, so that what is wrong with a file can be shown there.

import { MilleError, type SourceText, type Span } from '../../core/index.ts';

/** A value with its place. */
export type JsonValue =
  | { readonly type: 'string'; readonly value: string; readonly span: Span }
  | { readonly type: 'boolean'; readonly value: boolean; readonly span: Span }
  | { readonly type: 'number' | 'null'; readonly span: Span }
  | { readonly type: 'array'; readonly items: readonly JsonValue[]; readonly span: Span }
  | { readonly type: 'object'; readonly members: readonly JsonMember[]; readonly span: Span };

/** `"key": value`. */
export interface JsonMember {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: JsonValue;
}

/** Arrays and objects inside one another that are still read. */
const MAX_DEPTH = 100;

interface Reader {
  readonly source: SourceText;
  at: number;
  depth: number;
}

/**
 * Parses a JSON text.
 * @throws MilleError `file-format` with the place of the first thing that is wrong.
 */
export function parseLocatedJson(source: SourceText): JsonValue {
  const reader: Reader = { source, at: source.text.startsWith('\ufeff') ? 1 : 0, depth: 0 };
  const value = readValue(reader);
  skipSpace(reader);
  if (reader.at < source.text.length) throw unexpected(reader, 'the end of the text');
  return value;
}

function readValue(reader: Reader): JsonValue {
  skipSpace(reader);
  const start = reader.at;
  const char = reader.source.text[start];
  if (char === '"') return readString(reader);
  if (char === '[' || char === '{') {
    if (++reader.depth > MAX_DEPTH)
      throw unexpected(reader, `at most ${MAX_DEPTH} values inside one another`);
    const read =
      char === '['
        ? { type: 'array' as const, items: readList(reader, ']', readValue) }
        : { type: 'object' as const, members: readList(reader, '}', readMember) };
    reader.depth--;
    return { ...read, span: spanFrom(reader, start) };
  }
  const word = take(reader, /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
  const span = spanFrom(reader, start);
  if (word === '') throw unexpected(reader, 'a value');
  if (word === 'true' || word === 'false') return { type: 'boolean', value: word === 'true', span };
  return { type: word === 'null' ? 'null' : 'number', span };
}

/** What stands between brackets, separated by commas; the reader is at the opening one. */
function readList<T>(reader: Reader, close: string, readItem: (reader: Reader) => T): T[] {
  const { text } = reader.source;
  const items: T[] = [];
  reader.at++;
  skipSpace(reader);
  if (text[reader.at] === close) {
    reader.at++;
    return items;
  }
  while (true) {
    items.push(readItem(reader));
    skipSpace(reader);
    const char = text[reader.at];
    if (char !== ',' && char !== close) throw unexpected(reader, `a comma or ${close}`);
    reader.at++;
    if (char === close) return items;
  }
}

function readMember(reader: Reader): JsonMember {
  skipSpace(reader);
  if (reader.source.text[reader.at] !== '"') throw unexpected(reader, 'a key in double quotes');
  const { value: key, span: keySpan } = readString(reader);
  skipSpace(reader);
  if (reader.source.text[reader.at] !== ':') throw unexpected(reader, 'a colon');
  reader.at++;
  return { key, keySpan, value: readValue(reader) };
}

function readString(reader: Reader): Extract<JsonValue, { type: 'string' }> {
  const start = reader.at;
  const text = take(reader, /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y);
  if (text === '') {
    take(reader, /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y);
    throw unexpected(reader, 'a closing quote (a line end is \\n, a backslash \\\\)');
  }
  return { type: 'string', value: JSON.parse(text) as string, span: spanFrom(reader, start) };
}

function take(reader: Reader, pattern: RegExp): string {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.source.text)?.[0] ?? '';
  reader.at += found.length;
  return found;
}

function skipSpace(reader: Reader): void {
  take(reader, /[\t\n\r ]*/y);
}

function spanFrom({ source, at }: Reader, start: number): Span {
  return { source, start, end: at };
}

function unexpected({ source, at }: Reader, wanted: string): MilleError {
  const char = source.text.codePointAt(at);
  const found = char === undefined ? 'the text ends' : `${JSON.stringify(String.fromCodePoint(char))} stands`;
  return new MilleError('file-format', `malformed JSON: ${found} where ${wanted} is expected`, {
    hint: 'the file must be JSON (RFC 8259); jq . FILE shows what else is wrong',
    span: { source, start: at, end: Math.min(at + 1, source.text.length) },
  });
}
