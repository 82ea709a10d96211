// File names are bytes. In memory they are strings: UTF-8 decoded, each byte that is not valid UTF-8 kept as a
// lone surrogate U+DC80 to U+DCFF (the convention of Python's PEP 383), so that any name survives a round trip
// and ordinary names are ordinary strings.

/** Encodes a path string to the bytes of the file system. The inverse of `decodePath` for any byte string. */
export function encodePath(path: string): Uint8Array {
  const out = new Uint8Array(path.length * 3);
  return out.subarray(0, encodePathInto(path, out, 0));
}

/** Writes the bytes of `path` into `out` at `at`; returns the offset after them. `out` must be large enough. */
export function encodePathInto(path: string, out: Uint8Array, at: number): number {
  let n = at;
  for (let i = 0; i < path.length; i++) {
    let code = path.charCodeAt(i);
    if (code < 0x80) {
      out[n++] = code;
    } else if (code < 0x800) {
      out[n++] = 0xc0 | (code >> 6);
      out[n++] = 0x80 | (code & 63);
    } else if (code >= 0xd800 && code <= 0xdbff && isLow(path.charCodeAt(i + 1))) {
      code = 0x10000 + ((code - 0xd800) << 10) + (path.charCodeAt(++i) - 0xdc00);
      out[n++] = 0xf0 | (code >> 18);
      out[n++] = 0x80 | ((code >> 12) & 63);
      out[n++] = 0x80 | ((code >> 6) & 63);
      out[n++] = 0x80 | (code & 63);
    } else if (code >= 0xdc80 && code <= 0xdcff) {
      out[n++] = code - 0xdc00;
    } else {
      out[n++] = 0xe0 | (code >> 12);
      out[n++] = 0x80 | ((code >> 6) & 63);
      out[n++] = 0x80 | (code & 63);
    }
  }
  return n;
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

/** Decodes file-system bytes to a path string. Never fails: see the head of this file. */
export function decodePath(bytes: Uint8Array): string {
  let out = '';
  let i = 0;
  while (i < bytes.length) {
    const first = bytes[i] as number;
    const length =
      first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    const code = length === 0 ? -1 : decodeOne(bytes, i, length);
    if (code < 0) {
      out += String.fromCharCode(0xdc00 + first);
      i++;
    } else {
      out += code < 0x10000 ? String.fromCharCode(code) : String.fromCodePoint(code);
      i += length;
    }
  }
  return out;
}

const SMALLEST = [0, 0, 0x80, 0x800, 0x10000];

function decodeOne(bytes: Uint8Array, at: number, length: number): number {
  const first = bytes[at] as number;
  if (length === 1) return first;
  let code = first & (0xff >> (length + 1));
  for (let k = 1; k < length; k++) {
    const next = bytes[at + k];
    if (next === undefined || (next & 0xc0) !== 0x80) return -1;
    code = (code << 6) | (next & 63);
  }
  const valid =
    code >= (SMALLEST[length] as number) && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return valid ? code : -1;
}

/** A path for messages: control characters, quotes of bytes that are no UTF-8 and the like become escapes. */
export function displayPath(path: string): string {
  return path.replace(/[\x00-\x1f\x7f\\\udc80-\udcff]/g, (char) => {
    const code = char.charCodeAt(0);
    if (code === 10) return '\\n';
    if (code === 9) return '\\t';
    if (code === 0x5c) return '\\\\';
    return `\\x${(code >= 0xdc80 ? code - 0xdc00 : code).toString(16).padStart(2, '0')}`;
  });
}

/**
 * Cleans a path inside a root, as text: no leading or trailing slash, no `.` or empty parts, `..` resolved and
 * clamped at the root. The root itself is ''.
 */
export function cleanRelative(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

/** The parent of a clean relative path; '' for a top-level name. */
export function parentPath(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** The last part of a clean relative path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Whether a clean relative path is a directory, or below it; everything is below ''. */
export function isAtOrBelow(path: string, directory: string): boolean {
  return directory === '' || path === directory || path.startsWith(`${directory}/`);
}

/** Joins two clean relative paths, either of which may be ''. */
export function joinRelative(parent: string, name: string): string {
  return parent === '' ? name : name === '' ? parent : `${parent}/${name}`;
}
