// The JSON form of arguments: `["a", "b"]`. Text that is no JSON array is no error: the caller reads it otherwise.

import { MilleError } from '../../core/index.ts';
import { skipSpace, wellFormed } from './characters.ts';
import type { Range } from './clause.ts';
import { type LogicalLine, sourceSpan, wordAt } from './logical-line.ts';
import type { Word } from './tree.ts';

/**
 * The elements of a JSON array of strings, or undefined if the text is no valid JSON array.
 * @throws MilleError `dockerfile-syntax` for a valid array with an element that is no string.
 */
export function readJsonStrings(line: LogicalLine, rest: Range): Word[] | undefined {
  const start = skipSpace(line.text, rest.start, rest.end);
  if (start === rest.end || line.text[start] !== '[') return undefined;
  const values = parseArray(line.text.slice(start, rest.end));
  if (!values) return undefined;
  const words: Word[] = [];
  let at = start;
  for (const value of values) {
    if (typeof value !== 'string') {
      throw new MilleError('dockerfile-syntax', 'a JSON array of arguments may hold strings only', {
        hint: 'put every element in double quotes',
        span: sourceSpan(line, rest.start, rest.end),
      });
    }
    const open = line.text.indexOf('"', at);
    at = stringEnd(line.text, open);
    words.push(wordAt(line, { start: open, end: at }, wellFormed(value)));
  }
  return words;
}

function parseArray(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!Array.isArray(value)) return undefined;
    // Go refuses numbers that are too large for it, however deep: such a text is no JSON there.
    if (!value.every((one) => typeof one === 'string')) JSON.parse(text, refuseInfinite);
    return value;
  } catch {
    return undefined;
  }
}

function refuseInfinite(_key: string, value: unknown): unknown {
  if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) throw new RangeError();
  return value;
}

/** The offset after the string whose opening quote is at `open`. */
function stringEnd(text: string, open: number): number {
  let at = open + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
