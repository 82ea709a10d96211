// One file's bytes, as they come: places worth a closer look are kept with their surroundings, all else is let go. What
// is held is one window and the places found, whatever the file's size.

import { type Anchor, isPlace, NAME_ANCHORS, TOKEN_ANCHORS } from './anchors.ts';
import type { FileKind } from './file-names.ts';
import { LiteralScanner } from './literal-scanner.ts';

/** A part of a file that has to be looked at, as text: one character a byte, those beyond ASCII as blanks. */
export interface Excerpt {
  readonly text: string;
  /** Of its first character, in the file. */
  readonly offset: number;
  /** Of its first character, from 1; absent beyond the first window, and of a program. */
  readonly line?: number;
  /** It is of a program: its strings need not end where the next one begins. */
  readonly program?: true;
}

const WINDOW = 1 << 20;
/** Carried over from one window to the next: the longest secret, and what stands before it. */
const OVERLAP = 1 << 14;
const BEFORE = 384;
const AFTER = 1536;
const AFTER_KEY = OVERLAP - BEFORE;
/** Places kept of one file: more are noise. */
const MOST_PLACES = 400;

const tokenScanner = new LiteralScanner(TOKEN_ANCHORS);
const allScanner = new LiteralScanner([...TOKEN_ANCHORS, ...NAME_ANCHORS]);

/** Takes a file's bytes and keeps what has to be looked at. To be used for one file after another. */
export class FileScanner {
  readonly #window = new Uint8Array(WINDOW + OVERLAP);
  #filled = 0;
  /** Offset of the window in the file. */
  #offset = 0;
  /** Up to where the window has been searched. */
  #searched = 0;
  #scanner = tokenScanner;
  #excerpts: Excerpt[] = [];
  #program = false;
  /** Where the last excerpt ends, in the file. */
  #covered = 0;

  /** Begins a file. */
  start(kind: FileKind): void {
    this.#filled = 0;
    this.#offset = 0;
    this.#searched = 0;
    this.#covered = 0;
    this.#excerpts = [];
    this.#scanner = kind === 'other' ? tokenScanner : allScanner;
  }

  /** The next bytes, which are copied. */
  feed(bytes: Uint8Array): void {
    if (bytes.length < this.#window.length - this.#filled) {
      // Most files, at once: a view for each of fifty thousand costs as much as looking at it.
      this.#window.set(bytes, this.#filled);
      this.#filled += bytes.length;
      return;
    }
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + this.#window.length - this.#filled);
      this.#window.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === this.#window.length) this.#advance();
    }
  }

  /** Ends the file: what has to be looked at. */
  finish(): readonly Excerpt[] {
    this.#search(this.#filled);
    return this.#excerpts;
  }

  /** All of the file, where one window holds it; valid until the next one begins. */
  whole(): Uint8Array | undefined {
    return this.#offset === 0 ? this.#window.subarray(0, this.#filled) : undefined;
  }

  #advance(): void {
    this.#search(WINDOW);
    // What stands before a place is needed as well.
    const gone = WINDOW - BEFORE;
    this.#window.copyWithin(0, gone, this.#filled);
    this.#offset += gone;
    this.#filled -= gone;
    this.#searched = BEFORE;
  }

  /** Looks for places that begin before `last`; what follows them may lie behind it. */
  #search(last: number): void {
    const window = this.#window;
    const filled = this.#filled;
    if (this.#offset === 0) this.#program = isProgram(window, filled);
    let begin = -1;
    let end = -1;
    const flush = () => {
      if (begin >= 0) this.#keep(begin, end);
    };
    this.#scanner.scan(window, this.#searched, filled, (anchor: Anchor, at) => {
      if (at >= last || this.#excerpts.length >= MOST_PLACES) return;
      if (begin >= 0 && at + 64 < end) return;
      if (!isPlace(window, at, filled, anchor)) return;
      const from = Math.max(0, at - BEFORE);
      const to = Math.min(filled, at + (anchor.check.kind === 'key' ? AFTER_KEY : AFTER));
      if (begin >= 0 && from <= end && to - begin < OVERLAP) {
        end = Math.max(end, to);
        return;
      }
      flush();
      begin = from;
      end = to;
    });
    flush();
  }

  #keep(begin: number, end: number): void {
    const offset = this.#offset + begin;
    // What the overlap shows a second time.
    if (this.#offset + end <= this.#covered) return;
    this.#covered = this.#offset + end;
    const where = this.#program
      ? ({ program: true } as const)
      : this.#offset === 0
        ? { line: countLines(this.#window, begin) }
        : {};
    this.#excerpts.push({ text: textOf(this.#window.subarray(begin, end)), offset, ...where });
  }
}

/** ELF, Mach-O, PE and WebAssembly, by how they begin. */
function isProgram(bytes: Uint8Array, size: number): boolean {
  if (size < 4) return false;
  const first = ((bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!) >>> 0;
  return first === 0x7f454c46 || first === 0xcffaedfe || first >>> 16 === 0x4d5a || first === 0x0061736d;
}

function countLines(bytes: Uint8Array, end: number): number {
  let lines = 1;
  for (let at = bytes.indexOf(0x0a); at >= 0 && at < end; at = bytes.indexOf(0x0a, at + 1)) lines++;
  return lines;
}

/** One character a byte. Escapes of line breaks, as in JSON and source maps, become blanks: they end words. */
export function textOf(bytes: Uint8Array): string {
  const parts: string[] = [];
  const codes = new Uint8Array(bytes);
  for (let i = 0; i < codes.length; i++) {
    const byte = codes[i]!;
    if (byte >= 0x80 || byte === 0) codes[i] = 0x20;
    else if (byte === 0x5c && i + 1 < codes.length && ESCAPES[codes[i + 1]!]) {
      codes[i] = 0x20;
      codes[i + 1] = 0x20;
    }
  }
  for (let at = 0; at < codes.length; at += 0x2000)
    parts.push(String.fromCharCode(...codes.subarray(at, at + 0x2000)));
  return parts.join('');
}

/** `n`, `r` and `t` after a backslash. */
const ESCAPES = new Uint8Array(256);
for (const char of 'nrt') ESCAPES[char.charCodeAt(0)] = 1;
