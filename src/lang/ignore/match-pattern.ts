// Wildcards of COPY and ADD: `filepath.Match` of Go. `*` and `?` stop at slashes, `[a-z]` and `[^a-z]` do not, a
// backslash takes the next character literally.

import { MilleError, quote } from '../../core/index.ts';
import { compileGlob, type Element, type Glob, literal, notSlash } from './glob.ts';

/**
 * Whether the whole of `name` matches.
 * @throws MilleError `file-format` for a malformed pattern.
 */
export function matchPattern(pattern: string, name: string): boolean {
  return compilePattern(pattern).matches(name);
}

/**
 * Compiles a pattern that is to be matched often.
 * @throws MilleError `file-format` for a malformed pattern.
 */
export function compilePattern(pattern: string): Glob {
  const elements = patternElements(pattern);
  if (elements) return compileGlob(elements);
  throw new MilleError('file-format', `malformed pattern ${quote(pattern)}`, {
    hint: 'a [ needs its ], and nothing may follow a \\ but the character it escapes',
  });
}

/** Whether a pattern holds `*`, `?` or `[` that no backslash takes literally. */
export function hasWildcard(pattern: string): boolean {
  return /^(?:[^\\]|\\.)*?[*?[]/s.test(pattern);
}

/** The elements of a pattern; undefined when it is malformed. */
export function patternElements(pattern: string): Element[] | undefined {
  const chars = Array.from(pattern);
  const elements: Element[] = [];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] as string;
    if (char === '*') {
      if (elements.at(-1)?.kind !== 'run') elements.push({ kind: 'run', accepts: notSlash });
    } else if (char === '?') {
      elements.push({ kind: 'one', accepts: notSlash });
    } else if (char === '[') {
      const set = readSet(chars, at + 1);
      if (!set) return undefined;
      elements.push(set.element);
      at = set.end;
    } else if (char === '\\') {
      const next = chars[++at];
      if (next === undefined) return undefined;
      elements.push(literal(next));
    } else {
      elements.push(literal(char));
    }
  }
  return elements;
}

/** The set whose first character is at `start`; `end` is the place of its `]`. */
function readSet(chars: readonly string[], start: number): { element: Element; end: number } | undefined {
  const negated = chars[start] === '^';
  const ranges: [number, number][] = [];
  let at = negated ? start + 1 : start;
  while (!(chars[at] === ']' && ranges.length > 0)) {
    const low = readSetCharacter(chars, at);
    if (!low) return undefined;
    at = low.end;
    if (chars[at] === '-') {
      const high = readSetCharacter(chars, at + 1);
      if (!high) return undefined;
      at = high.end;
      ranges.push([low.code, high.code]);
    } else {
      ranges.push([low.code, low.code]);
    }
  }
  const accepts = (code: number): boolean =>
    ranges.some(([low, high]) => low <= code && code <= high) !== negated;
  return { element: { kind: 'one', accepts }, end: at };
}

function readSetCharacter(
  chars: readonly string[],
  start: number,
): { code: number; end: number } | undefined {
  const first = chars[start];
  if (first === '-' || first === ']') return undefined;
  const at = first === '\\' ? start + 1 : start;
  const code = chars[at]?.codePointAt(0);
  // A set that ends the pattern before its `]` is malformed.
  return code === undefined || at + 1 >= chars.length ? undefined : { code, end: at + 1 };
}
