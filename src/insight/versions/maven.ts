// Versions of Maven's artifacts: "Version Order Specification" of Maven's POM reference. Tokens, each with what stands
// before it; trailing ones that mean nothing are dropped before every hyphen; the rest are compared one by one.

import { compareDigits, compareText, isDigitAt, scheme } from './scheme.ts';

interface Token {
  readonly dash: boolean;
  readonly text: string;
  readonly number: boolean;
}

/** Words of known meaning, the release itself being the empty one. */
const QUALIFIERS = ['alpha', 'beta', 'milestone', 'rc', 'snapshot', '', 'sp'];
const SAME: Readonly<Record<string, string>> = { cr: 'rc', final: '', ga: '', release: '' };
const SHORT: Readonly<Record<string, string>> = { a: 'alpha', b: 'beta', m: 'milestone' };

export const maven = scheme<readonly Token[]>({
  parse(text) {
    const trimmed = text.trim().toLowerCase();
    return trimmed === '' || /\s/.test(trimmed) ? undefined : withoutNothing(tokensOf(trimmed));
  },
  compare(a, b) {
    const length = Math.max(a.length, b.length);
    for (let i = 0; i < length; i++) {
      const order = compareTokens(a[i] ?? nothingLike(b[i]!), b[i] ?? nothingLike(a[i]!));
      if (order !== 0) return order;
    }
    return 0;
  },
});

/** Parts a version at dots, hyphens, and where digits and letters meet, which is like a hyphen. */
function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let dash = false;
  for (let at = 0; at <= text.length; ) {
    const start = at;
    const number = isDigitAt(text, at);
    while (at < text.length && !'.-_'.includes(text[at]!) && isDigitAt(text, at) === number) at++;
    const met = at < text.length && !'.-_'.includes(text[at]!);
    const word = text.slice(start, at);
    if (word === '') tokens.push({ dash, text: '0', number: true });
    else if (number) tokens.push({ dash, text: word, number });
    else tokens.push({ dash, text: qualifier(word, met), number });
    if (at >= text.length) break;
    dash = met || text[at] !== '.';
    if (!met) at++;
  }
  return tokens;
}

function qualifier(word: string, beforeDigit: boolean): string {
  if (beforeDigit && Object.hasOwn(SHORT, word)) return SHORT[word]!;
  return Object.hasOwn(SAME, word) ? SAME[word]! : word;
}

/** Drops what means nothing at the end, and before each hyphen. */
function withoutNothing(tokens: readonly Token[]): readonly Token[] {
  const kept: Token[] = [];
  for (const token of tokens) {
    if (token.dash) dropNothing(kept);
    kept.push(token);
  }
  dropNothing(kept);
  return kept;
}

function dropNothing(tokens: Token[]): void {
  while (tokens.length > 1 && isNothing(tokens.at(-1)!)) tokens.pop();
}

function isNothing({ text, number }: Token): boolean {
  return number ? /^0+$/.test(text) : text === '';
}

/** What a token is compared with where the other version has ended. */
function nothingLike({ dash }: Token): Token {
  return dash ? { dash, text: '', number: false } : { dash, text: '0', number: true };
}

/** Words, then numbers behind a hyphen, then numbers behind a dot. */
function compareTokens(a: Token, b: Token): number {
  const [rankA, rankB] = [rank(a), rank(b)];
  if (rankA !== rankB) return rankA - rankB;
  return a.number ? compareDigits(a.text, b.text) : compareQualifiers(a.text, b.text);
}

function rank({ dash, number }: Token): number {
  return number ? (dash ? 1 : 2) : 0;
}

/** The known ones first, in their order; the others by the alphabet. */
function compareQualifiers(a: string, b: string): number {
  const [one, other] = [QUALIFIERS.indexOf(a), QUALIFIERS.indexOf(b)];
  if (one >= 0 && other >= 0) return one - other;
  if (one >= 0 || other >= 0) return one >= 0 ? -1 : 1;
  return compareText(a, b);
}
