// The text that strace writes, piece by piece: lines, calls that were interrupted put together again, words of calls.

import { decodePath } from '../../core/index.ts';

/** One line of a trace. */
export type TraceLine =
  | { readonly kind: 'call'; readonly pid: number; readonly call: Call }
  /** A call that goes on: what it says so far. */
  | { readonly kind: 'begun'; readonly pid: number; readonly name: string; readonly text: string }
  | { readonly kind: 'ended'; readonly pid: number }
  /** A thread took the place, and the number, of its process: it executed another program. */
  | { readonly kind: 'superseded'; readonly pid: number; readonly by: number };

/** A system call that came back. */
export interface Call {
  readonly name: string;
  /** As written. */
  readonly words: readonly string[];
  /** What stands after `= `. */
  readonly result: string;
}

/** Longer than any line: a call has two paths, a byte of which takes four letters at most. */
const LONGEST = 1 << 16;

/** Cuts a trace into lines. */
export class TraceReader {
  private rest = '';
  /** Calls that go on, by process: the text until now. */
  private readonly open = new Map<number, string>();

  constructor(private readonly sink: (line: TraceLine) => void) {}

  /** @throws where this is no trace */
  push(text: string): void {
    let from = 0;
    const all = this.rest + text;
    for (let end = all.indexOf('\n'); end >= 0; end = all.indexOf('\n', from)) {
      this.line(all.slice(from, end));
      from = end + 1;
    }
    this.rest = all.slice(from);
    if (this.rest.length > LONGEST) throw new Error('a line without end');
  }

  private line(line: string): void {
    const blank = line.indexOf(' ');
    const pid = Number(line.slice(0, blank));
    if (blank < 1 || !Number.isInteger(pid)) return;
    let at = blank;
    while (line.charCodeAt(at) === 32) at++;
    const first = line.charCodeAt(at);
    if (first === PLUS) this.end(pid, line.slice(at));
    else if (first === LESS) this.resume(pid, line.slice(at));
    else if (first !== DASH) this.call(pid, line.slice(at));
  }

  private call(pid: number, text: string): void {
    if (text.endsWith(UNFINISHED)) {
      const begun = text.slice(0, -UNFINISHED.length);
      this.open.set(pid, begun);
      this.sink({ kind: 'begun', pid, name: begun.slice(0, begun.indexOf('(')), text: begun });
      return;
    }
    const call = parseCall(text);
    if (call) this.sink({ kind: 'call', pid, call });
  }

  private resume(pid: number, text: string): void {
    const end = text.indexOf(RESUMED);
    const begin = this.open.get(pid);
    this.open.delete(pid);
    if (end >= 0 && begin !== undefined) this.call(pid, begin + text.slice(end + RESUMED.length));
  }

  private end(pid: number, text: string): void {
    const by = /^\+\+\+ superseded by execve in pid (\d+) \+\+\+$/.exec(text)?.[1];
    if (by !== undefined) {
      const begin = this.open.get(Number(by));
      this.open.delete(Number(by));
      if (begin !== undefined) this.open.set(pid, begin);
      this.sink({ kind: 'superseded', pid, by: Number(by) });
      return;
    }
    this.open.delete(pid);
    this.sink({ kind: 'ended', pid });
  }
}

const PLUS = 43;
const DASH = 45;
const LESS = 60;
const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const SPACE = 32;
const UNFINISHED = ' <unfinished ...>';
const RESUMED = ' resumed>';

/** Reads `name(words) = result`; undefined for anything else. */
export function parseCall(text: string): Call | undefined {
  const open = text.indexOf('(');
  if (open < 1) return undefined;
  const words: string[] = [];
  let depth = 0;
  let from = open + 1;
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      i = endOfString(text, i);
    } else if (code === LESS) {
      // In what is written between these a `>` is escaped; without an end it is a sign of less.
      const end = text.indexOf('>', i);
      if (end > 0) i = end;
    } else if (code === COMMA && depth === 0) {
      words.push(text.slice(from, i));
      from = text.charCodeAt(i + 1) === SPACE ? i + 2 : i + 1;
    } else if (code === 40 || code === 91 || code === 123) {
      depth++;
    } else if (code === 93 || code === 125) {
      depth--;
    } else if (code === 41) {
      if (depth === 0) {
        words.push(text.slice(from, i));
        const result = /^\)\s*= /.exec(text.slice(i));
        return result
          ? { name: text.slice(0, open), words, result: text.slice(i + result[0].length) }
          : undefined;
      }
      depth--;
    }
  }
  return undefined;
}

/** The place of the quote that ends a string. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH) i++;
    else if (code === QUOTE) return i;
  }
  return text.length;
}

/** The path that a word holds; undefined for a pointer that could not be followed, or a text that was cut. */
export function stringOf(word: string | undefined): string | undefined {
  if (word === undefined || word.charCodeAt(0) !== QUOTE || !word.endsWith('"') || word.length < 2)
    return undefined;
  return unquoted(word.slice(1, -1));
}

/** What a descriptor leads to: `3</app/x>` → `/app/x`; undefined for what is no file, or has no name any more. */
export function descriptorPath(word: string | undefined): string | undefined {
  if (word === undefined) return undefined;
  const start = word.indexOf('<');
  const end = word.indexOf('>', start);
  if (start < 0 || end < 0 || word.charCodeAt(start + 1) !== 47 || word.startsWith('(deleted)', end + 1))
    return undefined;
  const path = unquoted(word.slice(start + 1, end));
  // As older versions of strace write it.
  return path.endsWith(' (deleted)') ? undefined : path;
}

const LETTERS: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, v: 11, f: 12, a: 7, b: 8 };

function unquoted(text: string): string {
  if (!text.includes('\\')) return text;
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code !== BACKSLASH) {
      bytes.push(code);
      continue;
    }
    const octal = /^[0-7]{1,3}/.exec(text.slice(i + 1, i + 4))?.[0];
    const next = text[i + 1] ?? '\\';
    bytes.push(octal === undefined ? (LETTERS[next] ?? next.charCodeAt(0)) : Number.parseInt(octal, 8) & 255);
    i += octal?.length ?? 1;
  }
  return decodePath(Uint8Array.from(bytes));
}
