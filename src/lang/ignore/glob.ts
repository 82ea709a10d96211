// The machine that all patterns of this room compile to: a row of elements, each of which takes characters of a
// name. It follows all possibilities at once, so that time is bounded by name × pattern, however either is made.

/** What an element takes. */
export type Element =
  /** One character for which `accepts` holds (a code point; a surrogate that stands for a raw byte is one). */
  | { readonly kind: 'one'; readonly accepts: (code: number) => boolean; readonly literal?: string }
  /** Any number of them, also none. */
  | { readonly kind: 'run'; readonly accepts: (code: number) => boolean }
  /** Nothing, or anything up to and including some slash: `(.*\/)?` of a regular expression. */
  | { readonly kind: 'directories' }
  /** Nothing, but only where `holds`; the codes before and after the place are -1 at the ends. */
  | { readonly kind: 'where'; readonly holds: (before: number, after: number) => boolean };

/** A compiled pattern. */
export interface Glob {
  /** Whether it takes the whole name. */
  readonly matches: (name: string) => boolean;
  /** Whether some continuation of `prefix` could match. */
  readonly mayContinue: (prefix: string) => boolean;
}

const SLASH = 47;
const NEWLINE = 10;

/** One character, literally. */
export function literal(char: string): Element {
  const wanted = char.codePointAt(0);
  return { kind: 'one', accepts: (code) => code === wanted, literal: char };
}

/** Any character but a slash. */
export function notSlash(code: number): boolean {
  return code !== SLASH;
}

/** Any character but a line feed, as `.` in a regular expression. */
export function notNewline(code: number): boolean {
  return code !== NEWLINE;
}

/** Compiles a row of elements. */
export function compileGlob(elements: readonly Element[]): Glob {
  const mayMatch = textFilter(elements);
  return {
    matches: (name) => mayMatch(name) && simulate(elements, name, true),
    mayContinue: (prefix) => simulate(elements, prefix, false),
  };
}

/** A text that every match must hold, compared first: most names fail there, and comparing texts is fast. */
function textFilter(elements: readonly Element[]): (name: string) => boolean {
  const { prefix, suffix, longest } = literalTexts(elements);
  if (prefix.length >= suffix.length && prefix.length > 0) return (name) => name.startsWith(prefix);
  if (suffix.length > 0) return (name) => name.endsWith(suffix);
  return longest === '' ? () => true : (name) => name.includes(longest);
}

/** The literal texts at the start, at the end, and the longest anywhere. */
function literalTexts(elements: readonly Element[]): { prefix: string; suffix: string; longest: string } {
  const runs: string[] = [''];
  for (const element of elements) {
    if (element.kind === 'one' && element.literal !== undefined) runs[runs.length - 1] += element.literal;
    else runs.push('');
  }
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  return { prefix: runs[0] ?? '', suffix: runs.at(-1) ?? '', longest };
}

/**
 * Walks a name. Places are elements to be tried next; the one after the last means that all were matched. A place
 * inside the leading part of `directories` is kept as `~element`.
 * @param whole whether the name must be used up, or (false) whether anything is still possible after it.
 */
function simulate(elements: readonly Element[], name: string, whole: boolean): boolean {
  const size = elements.length + 1;
  const seen = new Int32Array(size * 2).fill(-1);
  let current: number[] = [];
  let next: number[] = [];
  let before = -1;

  /** Adds a place, and those reached from it without taking a character. `at` marks the round. */
  const enter = (places: number[], place: number, at: number, after: number): void => {
    for (let element = place; seen[element] !== at; element++) {
      seen[element] = at;
      places.push(element);
      const kind = elements[element]?.kind;
      if (kind === undefined || kind === 'one') return;
      if (
        kind === 'where' &&
        !(elements[element] as { holds: (b: number, a: number) => boolean }).holds(before, after)
      ) {
        return;
      }
    }
  };

  let code = codeAt(name, 0);
  enter(current, 0, 0, code);
  for (let at = 0; at < name.length; ) {
    const width = code > 0xffff ? 2 : 1;
    const after = codeAt(name, at + width);
    before = code;
    next = [];
    for (const place of current) {
      const inside = place < 0;
      const element = elements[inside ? ~place : place];
      if (!element || element.kind === 'where') continue;
      const index = inside ? ~place : place;
      if (element.kind === 'directories') {
        if (code === SLASH) enter(next, index + 1, at + width, after);
        if (code !== NEWLINE && seen[size + index] !== at + width) {
          seen[size + index] = at + width;
          next.push(~index);
        }
      } else if (element.accepts(code)) {
        enter(next, element.kind === 'run' ? index : index + 1, at + width, after);
      }
    }
    if (next.length === 0) return false;
    current = next;
    at += width;
    code = after;
  }
  return whole ? current.includes(elements.length) : current.some((place) => place !== elements.length);
}

function codeAt(text: string, at: number): number {
  return at < text.length ? (text.codePointAt(at) as number) : -1;
}
