// Versions as they stand in tags: 3.12, 1.27rc1, 3.15-rc, 8u502-b07, 21.0.12_8, 28-ea-11. What is left out stands for
// the newest there is: 3.12 comes after every 3.12.4, and 3.15-rc after every 3.15.0rc1, but before 3.15.0.

/** A version. */
export interface TagVersion {
  /** As written, without a `v` before it. */
  readonly text: string;
  readonly parts: readonly number[];
  /** What was not released yet: `rc`, `beta`, `alpha`, `ea`, `preview`. */
  readonly pre?: { readonly kind: string; readonly number?: number };
  /** Java's build number. */
  readonly build?: number;
}

/** A version, and how many words of the tag it takes. */
export interface ReadVersion {
  readonly version: TagVersion;
  readonly words: number;
}

const NUMBERS = /^v?(\d{1,9}(?:\.\d{1,9}){0,5})(?:_(\d{1,9}))?(?:\.?([a-z]+)\.?(\d{1,9})?)?$/i;
const JAVA_8 = /^(\d{1,3})u(\d{1,5})$/;
const JAVA_8_BUILD = /^b(\d{1,5})$/;
const PRE_WORD = /^(rc|beta|alpha|ea|preview|pre)(?:\.?(\d{1,9}))?$/i;

/** The kinds of what is not released, by how they are written; in the order in which they come. */
const KINDS: Readonly<Record<string, string>> = {
  dev: 'dev',
  ea: 'ea',
  preview: 'preview',
  pre: 'preview',
  a: 'alpha',
  alpha: 'alpha',
  b: 'beta',
  beta: 'beta',
  rc: 'rc',
};
const ORDER = ['dev', 'ea', 'preview', 'alpha', 'beta', 'rc'];

/** Reads the version that stands at `at` among the words of a tag; undefined where there is none. */
export function readVersion(words: readonly string[], at: number): ReadVersion | undefined {
  const word = words[at] ?? '';
  const java = JAVA_8.exec(word);
  if (java) {
    const build = JAVA_8_BUILD.exec(words[at + 1] ?? '')?.[1];
    const parts = [Number(java[1]), Number(java[2])];
    if (build === undefined) return { version: { text: word, parts }, words: 1 };
    return { version: { text: `${word}-b${build}`, parts, build: Number(build) }, words: 2 };
  }
  const match = NUMBERS.exec(word);
  if (!match) return undefined;
  const [, numbers = '', build, letters, number] = match;
  const kind = letters === undefined ? undefined : preKind(letters);
  if (letters !== undefined && kind === undefined) return undefined;
  const text = word.replace(/^v/i, '');
  const version: TagVersion = {
    text,
    parts: numbers.split('.').map(Number),
    ...(build === undefined ? {} : { build: Number(build) }),
    ...(kind === undefined ? {} : { pre: preOf(kind, number) }),
  };
  return kind === undefined ? withPreWord(version, words, at + 1) : { version, words: 1 };
}

/** The version that a text is, all of it. */
export function parseVersion(text: string): TagVersion | undefined {
  const words = text.split('-');
  const read = readVersion(words, 0);
  return read && read.words === words.length ? read.version : undefined;
}

/** `3.15-rc`, `1.2-beta.3`, `28-ea-11`. */
function withPreWord(version: TagVersion, words: readonly string[], at: number): ReadVersion {
  const word = words[at] ?? '';
  const match = PRE_WORD.exec(word);
  // Debian's own suite: rc-buggy.
  if (!match || words[at + 1] === 'buggy') return { version, words: 1 };
  const kind = preKind(match[1]!)!;
  const apart = match[2] === undefined ? /^\d{1,4}$/.exec(words[at + 1] ?? '')?.[0] : undefined;
  const pre = preOf(kind, match[2] ?? apart);
  const text = [version.text, word, ...(apart === undefined ? [] : [apart])].join('-');
  return { version: { ...version, text, pre }, words: apart === undefined ? 2 : 3 };
}

function preKind(letters: string): string | undefined {
  const lower = letters.toLowerCase();
  return Object.hasOwn(KINDS, lower) ? KINDS[lower] : undefined;
}

function preOf(kind: string, number: string | undefined): NonNullable<TagVersion['pre']> {
  return number === undefined ? { kind } : { kind, number: Number(number) };
}

/** Whether a version begins with the parts of another. */
export function startsWith({ parts }: TagVersion, prefix: readonly number[]): boolean {
  return prefix.length <= parts.length && prefix.every((part, i) => part === parts[i]);
}

/** Below zero where `a` is the older one. A total order of what versions mean; what is left out is the newest. */
export function compareVersions(a: TagVersion, b: TagVersion): number {
  const length = Math.max(a.parts.length, b.parts.length);
  for (let i = 0; i < length; i++) {
    const difference = compare(part(a, i), part(b, i));
    if (difference !== 0) return difference;
  }
  return (
    // Beyond the parts that both have, those left out of a released version are the newest, others none.
    compare(Number(isOpen(a)), Number(isOpen(b))) ||
    compare(preRank(a), preRank(b)) ||
    compare(a.pre?.number ?? Number.POSITIVE_INFINITY, b.pre?.number ?? Number.POSITIVE_INFINITY) ||
    compare(a.build ?? Number.POSITIVE_INFINITY, b.build ?? Number.POSITIVE_INFINITY)
  );
}

/** Versions with a build number or of something unreleased are of no more parts than they have. */
function isOpen({ pre, build }: TagVersion): boolean {
  return pre === undefined && build === undefined;
}

function part(version: TagVersion, index: number): number {
  return version.parts[index] ?? (isOpen(version) ? Number.POSITIVE_INFINITY : 0);
}

/** `3.15-rc` is the newest of all that comes before 3.15, whatever it is called. */
function preRank({ pre }: TagVersion): number {
  if (pre === undefined) return ORDER.length + 1;
  return pre.number === undefined ? ORDER.length : ORDER.indexOf(pre.kind);
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
