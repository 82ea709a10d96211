// Go's programs carry the list of their modules (debug/buildinfo). It is found by its mark while the file passes by:
// programs are too large to be held, and no table of sections is needed.

import { decodePath } from '../../core/index.ts';
import { type FoundPackage, NOTHING, type Reading, word } from './types.ts';

/** "\xff Go buildinf:", which stands at a multiple of 16 bytes. */
const MAGIC = Uint8Array.from([
  0xff, 0x20, 0x47, 0x6f, 0x20, 0x62, 0x75, 0x69, 0x6c, 0x64, 0x69, 0x6e, 0x66, 0x3a,
]);
const ALIGN = 16;
const HEADER = 32;
/** Bytes of the list that are taken; the longest real ones are about a tenth of it. */
const MOST = 1024 * 1024;
/** Marks that are looked at: more are nothing but marks. */
const MOST_TRIES = 64;
/** The list is framed by so many bytes on either side. */
const FRAME = 16;

/** Looks for the list in a file that passes by in parts. */
export interface GoScanner {
  data(bytes: Uint8Array): void;
  /** What was found. */
  end(): Reading;
}

/** Starts looking. */
export function scanForGo(): GoScanner {
  // The end of what has passed, which the mark may stand across; or, once the mark was seen, all from there on.
  let kept: Uint8Array = new Uint8Array(0);
  let keptAt = 0;
  let collecting = false;
  let tries = 0;
  let found: Reading | undefined;

  /** Goes on behind what has passed. */
  function search(bytes: Uint8Array, offset: number, from: number): void {
    const at = findMark(bytes, from, offset);
    const start = at ?? Math.max(0, bytes.length - MAGIC.length + 1);
    kept = bytes.slice(start);
    keptAt = offset + start;
    collecting = at !== undefined;
  }

  /** Reads what was collected; where it was the mark alone, as in Go's own tools, there may be another behind it. */
  function settle(): void {
    found = readBuildInfo(kept);
    collecting = false;
    if (found) return;
    if (++tries >= MOST_TRIES) found = NOTHING;
    else search(kept, keptAt, 1);
  }

  return {
    data(bytes) {
      if (found) return;
      if (collecting) kept = join(kept, bytes);
      else {
        const border = join(kept, bytes.subarray(0, MAGIC.length - 1));
        const at = findMark(border, 0, keptAt);
        if (at !== undefined || bytes.length < MAGIC.length) search(join(kept, bytes), keptAt, 0);
        else search(bytes, keptAt + kept.length, 0);
      }
      while (collecting && !found && kept.length >= MOST + HEADER) settle();
    },
    end() {
      while (collecting && !found) settle();
      return found ?? NOTHING;
    },
  };
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/** Where the mark is, at a place where it can be. @param offset of the bytes in the file */
function findMark(bytes: Uint8Array, from: number, offset: number): number | undefined {
  const [first, second] = MAGIC;
  const start = from + ((ALIGN - ((offset + from) % ALIGN)) % ALIGN);
  for (let at = start; at + MAGIC.length <= bytes.length; at += ALIGN) {
    // Nearly all places end here, and a program has millions of them.
    if (bytes[at] !== first || bytes[at + 1] !== second) continue;
    if (MAGIC.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return undefined;
}

/** Reads the list from its mark on; undefined where it is something else. Older than Go 1.18 has pointers instead. */
function readBuildInfo(bytes: Uint8Array): Reading | undefined {
  const flags = bytes[15] ?? 0;
  if ((flags & 2) === 0) return undefined;
  const version = stringAt(bytes, HEADER);
  if (!version || !/^(?:go[0-9]|devel)/.test(version.text)) return undefined;
  const list = stringAt(bytes, version.end);
  if (!list) return undefined;
  return { packages: modulesOf(list.text, version.text), notes: [] };
}

function stringAt(
  bytes: Uint8Array,
  start: number,
): { readonly text: string; readonly end: number } | undefined {
  let length = 0;
  let at = start;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    if (byte === undefined || shift > 28) return undefined;
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  if (length > MOST || at + length > bytes.length) return undefined;
  return { text: decodePath(bytes.subarray(at, at + length)), end: at + length };
}

/** Lines of the list: `mod` is the program's own module, `=>` what stands in for the line before. */
function modulesOf(framed: string, goVersion: string): FoundPackage[] {
  const packages: FoundPackage[] = [];
  const put = (name: string | undefined, version: string | undefined) => {
    const [path, number] = [word(name), word(version)];
    if (path && number) packages.push({ type: 'golang', name: path, version: number });
  };
  const list = framed.length >= 2 * FRAME ? framed.slice(framed.indexOf('path\t')) : framed;
  for (const line of list.split('\n')) {
    const [kind, path, version] = line.split('\t');
    if (kind === 'mod' || kind === 'dep') put(path, version === '' ? '(devel)' : version);
    else if (kind === '=>') {
      packages.pop();
      put(path, version);
    }
  }
  const number = /^go([0-9][^\s]*)/.exec(goVersion)?.[1];
  if (number !== undefined) put('stdlib', number);
  return packages;
}
