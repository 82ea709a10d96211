// Patterns inside `${x#p}`, `${x%p}` and `${x/p/r}`: `*`, `?` and a backslash before either, nothing else. Matching
// walks all possible states at once, so that its time is bounded by pattern × value, however the pattern is made.

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
  for (let i = 0; i < chars.length; i++) {
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
        throw new SyntaxError(`invalid escape '\\${next}' in pattern ${JSON.stringify(pattern)}`);
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

/** The leftmost match of the elements in `value`, as offsets of characters. */
function find(
  elements: readonly Element[],
  value: readonly string[],
  search: Search,
): [number, number] | undefined {
  let found: [number, number] | undefined;
  // Threads are (element, start) pairs in order of preference; each element is tried once per place.
  let threads: [number, number][] = [];
  for (let at = search.from; at <= value.length; at++) {
    const seen = new Uint8Array(elements.length + 1);
    const current: [number, number][] = [];
    for (const [element, start] of threads) enter(elements, current, { seen, element, start, search });
    if (!found && (at === search.from || !search.anchored)) {
      enter(elements, current, { seen, element: 0, start: at, search });
    }
    threads = [];
    for (const [element, start] of current) {
      if (element === elements.length) {
        found = [start, at];
        break;
      }
      if (at < value.length && accepts(elements[element] as Element, value[at] as string)) {
        threads.push([(elements[element] as Element).kind === 'run' ? element : element + 1, start]);
      }
    }
    if (threads.length === 0 && (found || search.anchored)) break;
  }
  return found;
}

interface Entry {
  readonly seen: Uint8Array;
  readonly element: number;
  readonly start: number;
  readonly search: Search;
}

/** Adds a thread, and for a run also the one after it, in the order that `longest` asks for. */
function enter(elements: readonly Element[], list: [number, number][], entry: Entry): void {
  const { seen, element, start } = entry;
  if (seen[element]) return;
  seen[element] = 1;
  if (elements[element]?.kind !== 'run') {
    list.push([element, start]);
  } else if (entry.search.longest) {
    list.push([element, start]);
    enter(elements, list, { ...entry, element: element + 1 });
  } else {
    enter(elements, list, { ...entry, element: element + 1 });
    list.push([element, start]);
  }
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
