// Versions of Alpine's packages: apk-package(5) and the order that apk-tools 3 gives them, after Gentoo's. Numbers, a
// letter, suffixes that come before the release (alpha to rc) or after it (cvs to p), a commit, the package's revision.

import { compareDigits, compareText, scheme } from './scheme.ts';

/** What a token is; one that ends earlier has the smaller number, the end being last. */
enum Kind {
  First,
  Digits,
  Letter,
  Suffix,
  SuffixNumber,
  Commit,
  Revision,
  End,
}

interface Token {
  readonly kind: Kind;
  readonly text: string;
}

const SUFFIXES = ['alpha', 'beta', 'pre', 'rc', '', 'cvs', 'svn', 'git', 'hg', 'p'];
const NO_SUFFIX = SUFFIXES.indexOf('');
const FORM = /^([0-9]+)((?:\.[0-9]+)*)([a-z]?)((?:_[a-z]+[0-9]*)*)(?:~([0-9a-f]+))?(?:-r([0-9]+))?$/;
const END: Token = { kind: Kind.End, text: '' };

export const apk = scheme<readonly Token[]>({
  parse(text) {
    const match = FORM.exec(text.trim());
    if (!match) return undefined;
    const [, first, others, letter, suffixes, commit, revision] = match;
    const tokens: Token[] = [{ kind: Kind.First, text: first! }];
    for (const digits of others!.split('.').slice(1)) tokens.push({ kind: Kind.Digits, text: digits });
    if (letter !== '') tokens.push({ kind: Kind.Letter, text: letter! });
    for (const [, name, number] of suffixes!.matchAll(/_([a-z]+)([0-9]*)/g)) {
      if (!SUFFIXES.includes(name!)) return undefined;
      tokens.push({ kind: Kind.Suffix, text: name! });
      if (number !== '') tokens.push({ kind: Kind.SuffixNumber, text: number! });
    }
    if (commit !== undefined) tokens.push({ kind: Kind.Commit, text: commit });
    if (revision !== undefined) tokens.push({ kind: Kind.Revision, text: revision });
    return tokens;
  },
  compare(a, b) {
    for (let i = 0; ; i++) {
      const [one, other] = [a[i] ?? END, b[i] ?? END];
      if (one.kind !== other.kind) return compareKinds(one, other);
      if (one.kind === Kind.End) return 0;
      const order = compareSame(one, other);
      if (order !== 0) return order;
    }
  },
});

/** What goes on is newer than what ended or took another turn, unless it goes on with a suffix such as rc. */
function compareKinds(a: Token, b: Token): number {
  if (isEarly(a)) return -1;
  if (isEarly(b)) return 1;
  return b.kind - a.kind;
}

function isEarly({ kind, text }: Token): boolean {
  return kind === Kind.Suffix && SUFFIXES.indexOf(text) < NO_SUFFIX;
}

function compareSame({ kind, text: a }: Token, { text: b }: Token): number {
  switch (kind) {
    case Kind.Digits:
      // A leading zero makes a fraction of it, as in Gentoo: 1.05 is less than 1.1.
      return a.startsWith('0') || b.startsWith('0') ? compareText(a, b) : compareDigits(a, b);
    case Kind.First:
    case Kind.SuffixNumber:
    case Kind.Revision:
      return compareDigits(a, b);
    case Kind.Suffix:
      return SUFFIXES.indexOf(a) - SUFFIXES.indexOf(b);
    default:
      return compareText(a, b);
  }
}
