// The input of `mille expand`: a JSON array of words with their variables, checked value by value.

import { MilleError, quote, type SourceText, type Span, suggest } from '../../core/index.ts';
import type { Escape } from '../../lang/dockerfile/index.ts';
import { type JsonMember, type JsonValue, parseLocatedJson } from './located-json.ts';

/** A word to be expanded. */
export interface ExpandRequest {
  readonly word: string;
  readonly env: ReadonlyMap<string, string>;
  /** Whether the result is split into words. */
  readonly words: boolean;
  readonly escape: Escape;
}

const KEYS = ['word', 'env', 'words', 'escape'] as const;

/** @throws MilleError `file-format` with the place of what is malformed. */
export function readExpandRequests(source: SourceText): ExpandRequest[] {
  const value = parseLocatedJson(source);
  if (value.type !== 'array') throw wrong(value.span, `the file holds ${naming(value)}, not an array`);
  return value.items.map(readRequest);
}

function readRequest(item: JsonValue): ExpandRequest {
  if (item.type !== 'object') throw wrong(item.span, `an item is ${naming(item)}, not an object`);
  const members = new Map<string, JsonValue>();
  for (const { key, keySpan, value } of item.members) {
    if (!KEYS.some((known) => known === key)) throw unknownKey(key, keySpan);
    members.set(key, value);
  }
  const word = members.get('word');
  if (!word) throw wrong(item.span, 'an item has no "word"');
  return {
    word: textOf(word, '"word"'),
    env: variables(members.get('env')),
    words: isTrue(members.get('words')),
    escape: escapeOf(members.get('escape')),
  };
}

function unknownKey(key: string, span: Span): MilleError {
  const near = suggest(key, KEYS);
  return wrong(span, `unknown key ${quote(key)}`, near ? `did you mean "${near}"?` : undefined);
}

function variables(value: JsonValue | undefined): ReadonlyMap<string, string> {
  if (!value || value.type === 'null') return new Map();
  if (value.type !== 'object') throw wrong(value.span, `"env" is ${naming(value)}, not an object`);
  return new Map(value.members.map(({ key, value: text }: JsonMember) => [key, textOf(text, `"${key}"`)]));
}

function isTrue(value: JsonValue | undefined): boolean {
  if (!value) return false;
  if (value.type === 'boolean') return value.value;
  throw wrong(value.span, `"words" is ${naming(value)}, not true or false`);
}

function escapeOf(value: JsonValue | undefined): Escape {
  if (!value) return '\\';
  const text = textOf(value, '"escape"');
  if (text === '\\' || text === '`') return text;
  throw wrong(value.span, `"escape" cannot be ${quote(text)}`, 'it is "\\\\" or "`"');
}

/** A text; a lone surrogate in it becomes U+FFFD, as where Go reads JSON. */
function textOf(value: JsonValue, name: string): string {
  if (value.type !== 'string') throw wrong(value.span, `${name} is ${naming(value)}, not a string`);
  return value.value.replace(/\p{Surrogate}/gu, '\ufffd');
}

function naming({ type }: JsonValue): string {
  if (type === 'null') return 'null';
  return `${/^[ao]/.test(type) ? 'an' : 'a'} ${type}`;
}

const SHAPE = 'an item looks like {"word": "$K", "env": {"K": "V"}, "words": false, "escape": "\\\\"}';

function wrong(span: Span, message: string, hint = SHAPE): MilleError {
  return new MilleError('file-format', message, { hint, span });
}
