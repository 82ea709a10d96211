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
  let found: Reading | undefined;
  const take = (bytes: Uint8Array) => {
    const joined = new Uint8Array(kept.length + bytes.length);
    joined.set(kept);
    joined.set(bytes, kept.length);
    kept = joined;
  };
  const settle = () => {
    if (kept.length < HEADER) return;
    found = readBuildInfo(kept);
    collecting = false;
    // Where it was the mark alone, as in Go's own tools, the search goes on behind it.
    if (!found) search(kept, keptAt, 1);
  };
  const search = (bytes: Uint8Array, offset: number, from: number) => {
    for (let at = indexOf(bytes, from); at >= 0; at = indexOf(bytes, at + 1)) {
      if ((offset + at) % ALIGN !== 0) continue;
      kept = bytes.slice(at);
      keptAt = offset + at;
      collecting = true;
      if (kept.length >= MOST + HEADER) settle();
      return;
    }
    const rest = Math.max(0, bytes.length - MAGIC.length + 1);
    kept = bytes.slice(rest);
    keptAt = offset + rest;
  };
  return {
    data(bytes) {
      if (found) return;
      take(bytes);
      if (!collecting) search(kept, keptAt, 0);
      else if (kept.length >= MOST + HEADER) settle();
    },
    end() {
      while (collecting && !found) settle();
      return found ?? NOTHING;
    },
  };
}

function indexOf(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(MAGIC[0]!, from); at >= 0; at = bytes.indexOf(MAGIC[0]!, at + 1)) {
    let i = 1;
    while (i < MAGIC.length && bytes[at + i] === MAGIC[i]) i++;
    if (i === MAGIC.length) return at;
  }
  return -1;
}

/** Reads the list from its mark on; undefined where it is something else. Older than Go 1.18 has pointers instead. */
function readBuildInfo(bytes: Uint8Array): Reading | undefined {
  const flags = bytes[15]!;
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
