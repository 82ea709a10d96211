// Patterns inside `${x#p}`, `${x%p}` and `${x/p/r}`: `*`, `?` and a backslash before either, nothing else. Matching
// walks all possible states at once, so that its time is bounded by pattern × value, however the pattern is made.

import { quote } from '../../core/index.ts';

/** One element: a character, any character (`?`), or any run of characters (`*`). Neither matches a line end. */
type Element = { readonly kind: 'char'; readonly char: string } | { readonly kind: 'any' | 'run' };

/** Characters of a text; a surrogate that stands for a raw byte is one. */
function characters(text: string): string[] {
  return Array.from(text);
}

/** @throws SyntaxError for a backslash before a character that needs none. */
function parsePattern(pattern: string): Element[] {
  const elements: Element[] = [];
  const chars = characters(pattern);
  // A byte order mark that a pattern begins with is skipped by BuildKit's scanner.
  for (let i = chars[0] === '\ufeff' ? 1 : 0; i < chars.length; i++) {
    const char = chars[i] as string;
    if (char === '*') {
      if (elements.at(-1)?.kind !== 'run') elements.push({ kind: 'run' });
    } else if (char === '?') {
      elements.push({ kind: 'any' });
    } else if (char === '\\') {
      const next = chars[i + 1] ?? '';
      // `}` and `/` are escaped for the sake of the expansion around the pattern.
      if (next === '}' || next === '/') continue;
      if (next !== '*' && next !== '?' && next !== '\\') {
        throw new SyntaxError(`invalid escape '\\${next}' in pattern ${quote(pattern)}`);
      }
      elements.push({ kind: 'char', char: next });
      i++;
    } else {
      elements.push({ kind: 'char', char });
    }
  }
  return elements;
}

interface Search {
  /** First offset that a match may start at. */
  readonly from: number;
  /** Whether it must start there. */
  readonly anchored: boolean;
  /** Whether runs are as long as possible, or as short. */
  readonly longest: boolean;
}

/** Threads of a search, the preferred ones first: the element that each is at, and where its match began. */
interface Threads {
  readonly elements: Int32Array;
  readonly starts: Int32Array;
  count: number;
}

/** The leftmost match of the elements in `value`, as offsets of characters. */
function find(
  elements: readonly Element[],
  value: readonly string[],
  search: Search,
): [number, number] | undefined {
  const size = elements.length + 1;
  const seen = new Int32Array(size).fill(-1);
  const makeThreads = (): Threads => ({
    elements: new Int32Array(size),
    starts: new Int32Array(size),
    count: 0,
  });
  const current = makeThreads();
  const next = makeThreads();
  let found: [number, number] | undefined;

  /** Adds a thread, and where a run may take nothing also the one after it, once per place. */
  const enter = (element: number, start: number, at: number): void => {
    if (seen[element] === at) return;
    seen[element] = at;
    const run = elements[element]?.kind === 'run';
    if (run && !search.longest) enter(element + 1, start, at);
    current.elements[current.count] = element;
    current.starts[current.count++] = start;
    if (run && search.longest) enter(element + 1, start, at);
  };

  for (let at = search.from; at <= value.length; at++) {
    current.count = 0;
    for (let i = 0; i < next.count; i++) enter(next.elements[i] as number, next.starts[i] as number, at);
    if (!found && (at === search.from || !search.anchored)) enter(0, at, at);
    next.count = 0;
    for (let i = 0; i < current.count; i++) {
      const index = current.elements[i] as number;
      const element = elements[index];
      if (!element) {
        found = [current.starts[i] as number, at];
        break;
      }
      if (at < value.length && accepts(element, value[at] as string)) {
        next.elements[next.count] = element.kind === 'run' ? index : index + 1;
        next.starts[next.count++] = current.starts[i] as number;
      }
    }
    if (next.count === 0 && (found || search.anchored)) break;
  }
  return found;
}

function accepts(element: Element, char: string): boolean {
  return element.kind === 'char' ? element.char === char : char !== '\n';
}

/** `value` without the shortest or longest prefix that matches. @throws SyntaxError for a malformed pattern. */
export function removePrefix(value: string, pattern: string, longest: boolean): string {
  const chars = characters(value);
  const match = find(parsePattern(pattern), chars, { from: 0, anchored: true, longest });
  return match ? chars.slice(match[1]).join('') : value;
}

/** `value` without the shortest or longest suffix that matches: the same, read backwards. @throws SyntaxError */
export function removeSuffix(value: string, pattern: string, longest: boolean): string {
  const chars = characters(value).reverse();
  const match = find(parsePattern(reversed(pattern)), chars, { from: 0, anchored: true, longest });
  return match ? chars.slice(match[1]).reverse().join('') : value;
}

/** The pattern read backwards, each escaped character still behind its backslash. */
function reversed(pattern: string): string {
  const parts = pattern.match(/\\?./gsu) ?? [];
  return parts.reverse().join('');
}

/** `value` with the first match, or all of them, replaced. @throws SyntaxError for a malformed pattern. */
export function replacePattern(
  value: string,
  pattern: string,
  { replacement, all }: { readonly replacement: string; readonly all: boolean },
): string {
  const elements = parsePattern(pattern);
  const chars = characters(value);
  let result = '';
  let at = 0;
  let from = 0;
  let previousEnd = -1;
  while (from <= chars.length) {
    const match = find(elements, chars, { from, anchored: false, longest: true });
    if (!match) break;
    const [start, end] = match;
    // An empty match right after the match before it does not count.
    if (start !== end || start !== previousEnd) {
      const text = all ? fillTemplate(replacement, chars.slice(start, end).join('')) : replacement;
      result += chars.slice(at, start).join('') + text;
      at = end;
      if (!all) break;
    }
    previousEnd = end;
    from = end > start ? end : end + 1;
  }
  return result + chars.slice(at).join('');
}

/**
 * BuildKit replaces all matches through a regular expression's template, in which `$0` is the match, `$name` and
 * `${name}` are groups that don't exist and so vanish, and `$$` is a dollar. Its results are kept.
 */
function fillTemplate(template: string, match: string): string {
  return template.replace(/\$(\$|[\p{L}\p{Nd}_]+|\{[\p{L}\p{Nd}_]+\})/gu, (_, name: string) =>
    name === '$' ? '$' : /^\{?0\}?$/.test(name) ? match : '',
  );
}
