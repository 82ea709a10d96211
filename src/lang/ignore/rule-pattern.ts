// One pattern of an ignore file → a matcher. The reference (moby's patternmatcher) compares some patterns as plain
// texts and turns the others into a regular expression without quoting all that means something there; both are
// kept, for an ignore file must select the same files here.

import { compileGlob, type Glob } from './glob.ts';
import { patternElements } from './match-pattern.ts';
import { regexpElements } from './regexp.ts';

/** The matcher of a cleaned pattern; undefined when it is malformed. */
export function compileRule(pattern: string): Glob | undefined {
  if (isRefused(pattern)) return undefined;
  const { kind, regexp } = translate(pattern);
  if (kind === 'exact') {
    return { matches: (path) => path === pattern, mayContinue: (prefix) => pattern.startsWith(prefix) };
  }
  if (kind === 'prefix') {
    const prefix = pattern.slice(0, -2);
    return {
      matches: (path) => path.startsWith(prefix),
      mayContinue: (path) => path.startsWith(prefix) || prefix.startsWith(path),
    };
  }
  if (kind === 'suffix') {
    const suffix = pattern.slice(2);
    const alone = suffix.startsWith('/') ? suffix.slice(1) : undefined;
    return { matches: (path) => path.endsWith(suffix) || path === alone, mayContinue: () => true };
  }
  const elements = regexpElements(regexp);
  return elements && compileGlob(elements);
}

/**
 * Whether the reference refuses a pattern at once. It has `filepath.Match` of Go try it on the name `.`, which reads
 * from `*` to `*` and no further than the name matches: a set that it never reaches may be of any form.
 */
function isRefused(pattern: string): boolean {
  if (pattern.endsWith('\\') && /(?:^|[^\\])(?:\\\\)*\\$/.test(pattern)) return true;
  const [first = '', second = ''] = chunksOf(pattern);
  const elements = patternElements(first);
  if (!elements) return true;
  const [only] = elements;
  return elements.length === 1 && only?.kind === 'one' && only.accepts(46) && !patternElements(second);
}

/** The parts of a pattern between its wildcards `*`; one inside of brackets or behind a backslash is none. */
function chunksOf(pattern: string): string[] {
  const chunks: string[] = [''];
  let inSet = false;
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at] as string;
    if (char === '*' && !inSet) {
      if (chunks.at(-1) !== '') chunks.push('');
      continue;
    }
    if (char === '[') inSet = true;
    else if (char === ']') inSet = false;
    chunks[chunks.length - 1] += char === '\\' ? char + (pattern[++at] ?? '') : char;
  }
  return chunks;
}

type Kind = 'exact' | 'prefix' | 'suffix' | 'regexp';

/** The regular expression of a pattern (without `^` and `$`), and the plain comparison that does instead, if any. */
function translate(pattern: string): { kind: Kind; regexp: string } {
  const chars = Array.from(pattern);
  let kind: Kind = 'exact';
  let regexp = '';
  // The reference's scanner skips a byte order mark, here as everywhere.
  const start = chars[0] === '\ufeff' ? 1 : 0;
  for (let at = start; at < chars.length; at++) {
    const char = chars[at] as string;
    if (char === '*' && chars[at + 1] === '*') {
      const first = at === start;
      at++;
      if (chars[at + 1] === '/') at++;
      const last = at + 1 >= chars.length;
      if (last && kind === 'exact') {
        kind = 'prefix';
      } else {
        regexp += last ? '.*' : '(.*/)?';
        kind = 'regexp';
      }
      if (first) kind = 'suffix';
    } else if (char === '*') {
      regexp += '[^/]*';
      kind = 'regexp';
    } else if (char === '?') {
      regexp += '[^/]';
      kind = 'regexp';
    } else if ('.+()|{}$'.includes(char)) {
      regexp += `\\${char}`;
    } else if (char === '\\') {
      regexp += `\\${chars[++at] ?? ''}`;
      kind = 'regexp';
    } else {
      regexp += char;
      if (char === '[' || char === ']') kind = 'regexp';
    }
  }
  return { kind, regexp };
}
