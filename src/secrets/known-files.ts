// Files that a package brought, by the checksums its manager keeps: `*.md5sums` and Conffiles of dpkg, apk's database,
// RECORD of Python's packages. A file that is still as it was packed is everybody's, and no secret of this image.

/** A file's checksums, as far as they were asked for. */
export interface Sums {
  readonly md5: string;
  readonly sha1: string;
  readonly sha256: string;
}

/** What the databases say of some files. */
export interface KnownFiles {
  /** Whether a path is one of a database, by whose name its form is known. */
  isDatabase(path: string): boolean;
  /** Keeps a database, to be asked later. Of several versions of one all count. */
  add(path: string, text: string): void;
  /** What packages say of these paths: nothing of what they do not list. */
  expected(paths: ReadonlySet<string>): ReadonlyMap<string, readonly Partial<Sums>[]>;
}

/** Characters of databases that are kept; more than a whole distribution has. */
const MOST = 96 * 1024 * 1024;

/** Collects databases. */
export function createKnownFiles(): KnownFiles {
  const kept: { readonly path: string; readonly text: string }[] = [];
  let size = 0;
  return {
    isDatabase: (path) => parserOf(path) !== undefined,
    add(path, text) {
      size += text.length;
      if (size <= MOST) kept.push({ path, text });
    },
    expected(paths) {
      const found = new Map<string, Partial<Sums>[]>();
      const say = (path: string, sums: Partial<Sums>) => {
        for (const name of names(path)) {
          if (!paths.has(name)) continue;
          const list = found.get(name) ?? [];
          found.set(name, list);
          list.push(sums);
        }
      };
      for (const { path, text } of kept) parserOf(path)?.(text, path, say);
      return found;
    },
  };
}

/** Whether a file is one of those that were packed. */
export function isAsPacked(sums: Sums, expected: readonly Partial<Sums>[]): boolean {
  return expected.some(
    ({ md5, sha1, sha256 }) =>
      (md5 !== undefined && md5 === sums.md5) ||
      (sha1 !== undefined && sha1 === sums.sha1) ||
      (sha256 !== undefined && sha256 === sums.sha256),
  );
}

/** Since /usr was merged, packages say `lib/x` of what lies at `usr/lib/x`, and the reverse. */
function names(path: string): readonly string[] {
  if (/^(?:lib\w*|bin|sbin)\//.test(path)) return [path, `usr/${path}`];
  if (/^usr\/(?:lib\w*|bin|sbin)\//.test(path)) return [path, path.slice(4)];
  return [path];
}

type Parser = (text: string, path: string, say: (path: string, sums: Partial<Sums>) => void) => void;

function parserOf(path: string): Parser | undefined {
  if (/^(?:usr\/)?var\/lib\/dpkg\/(?:info\/[^/]+|status\.d\/[^/]+)\.md5sums$/.test(path)) return md5sums;
  if (path === 'var/lib/dpkg/status') return conffiles;
  if (/^(?:usr\/)?lib\/apk\/db\/installed$/.test(path)) return apk;
  if (/\.dist-info\/RECORD$/.test(path)) return record;
  return undefined;
}

function md5sums(text: string, _: string, say: Parameters<Parser>[2]): void {
  for (const line of text.split('\n')) {
    const md5 = line.slice(0, 32);
    if (line.length > 34 && line[32] === ' ') say(line.slice(34).replace(/^\.?\//, ''), { md5 });
  }
}

function conffiles(text: string, _: string, say: Parameters<Parser>[2]): void {
  for (const match of text.matchAll(/^ \/(\S+) ([0-9a-f]{32})(?: obsolete)?$/gm))
    say(match[1]!, { md5: match[2]! });
}

function apk(text: string, _: string, say: Parameters<Parser>[2]): void {
  let directory = '';
  let file = '';
  for (const line of text.split('\n')) {
    const value = line.slice(2);
    if (line.startsWith('F:')) directory = value;
    else if (line.startsWith('R:')) file = directory === '' ? value : `${directory}/${value}`;
    else if (line.startsWith('Z:Q1')) say(file, { sha1: hexOfBase64(value.slice(2)) });
  }
}

function record(text: string, path: string, say: Parameters<Parser>[2]): void {
  const site = path.split('/').slice(0, -2);
  for (const line of text.split('\n')) {
    const match = /^"?([^"]+?)"?,sha256=([\w-]{43}),\d*\s*$/.exec(line);
    // The list is of what was installed; where it came from is written by pip here.
    if (!match || match[1]!.endsWith('/direct_url.json')) continue;
    const parts = [...site];
    for (const part of match[1]!.split('/')) {
      if (part === '..') parts.pop();
      else if (part !== '.' && part !== '') parts.push(part);
    }
    say(parts.join('/'), { sha256: hexOfBase64(match[2]!.replace(/-/g, '+').replace(/_/g, '/')) });
  }
}

function hexOfBase64(text: string): string {
  let bits = 0;
  let value = 0;
  let hex = '';
  for (const char of text) {
    const six = BASE64.indexOf(char);
    if (six < 0) break;
    value = ((value << 6) | six) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    hex += ((value >> bits) & 0xff).toString(16).padStart(2, '0');
  }
  return hex;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
