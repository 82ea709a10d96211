// Where in a file it is worth looking closer: literals that every secret of some kind contains, and what must follow
// them. The detector's own expressions are run on the surroundings of such places only. A test holds each of them
// against a sample of what it stands for.

import type { Literal } from './literal-scanner.ts';

/** How a place is looked at further before it counts. */
type Check =
  /** So many characters of tokens follow. */
  | { readonly kind: 'token'; readonly least: number }
  /** `-----BEGIN` stands before it on its line. */
  | { readonly kind: 'key' }
  /** User information follows: an `@` before the next slash or blank. */
  | { readonly kind: 'address' }
  /** A name ends here or soon, and `=` or `:` and a value follow; or a comma, where the name is in quotes. */
  | { readonly kind: 'name' };

/** A literal, and what makes it a place to look at. */
export interface Anchor extends Literal {
  readonly check: Check;
}

function tokens(least: number, ...texts: readonly string[]): Anchor[] {
  return texts.map((text) => ({ text, check: { kind: 'token', least } }));
}

function each(prefix: string, characters: string, least: number): Anchor[] {
  return tokens(least, ...[...characters].map((char) => prefix + char));
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const WORD = `${LETTERS}0123456789_`;

/** What secrets themselves contain. */
export const TOKEN_ANCHORS: readonly Anchor[] = [
  ...tokens(16, 'AKIA', 'AGPA', 'AIDA', 'AROA', 'AIPA', 'ANPA', 'ANVA', 'ASIA'),
  ...each('A3T', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', 16),
  ...tokens(36, 'ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'npm_'),
  ...tokens(60, 'github_pat_'),
  ...tokens(20, 'glpat-', 'dckr_pat_', 'AIza', 'vcp_', 'vci_', 'vca_', 'vcr_', 'vck_'),
  ...tokens(10, 'xoxb-', 'xoxp-', 'xapp-', 'xoxa-', 'xoxo-', 'xoxr-', 'xoxe-', 'xoxs-'),
  ...tokens(20, 'T3BlbkFJ', 'sk-ant-', 'lin_api_', 'sk_live_', 'sk_test_', 'rk_live_', 'rk_test_'),
  ...tokens(32, 'gsk_', 'dapi', 'glc_', 'glsa_', 'shppa_', 'shpca_', 'shpat_', 'shpss_', 'figd_', 'ntn_'),
  ...tokens(40, 'hvs.', 'hvb.', 'hvr.', 'cfk_', 'cfut_', 'cfat_', 'ops_ey', 'pypi-AgE', 'AGE-SECRET-KEY-1'),
  ...tokens(20, 'tskey-'),
  ...each('hf_', LETTERS, 33),
  ...each('SG.', WORD, 40),
  { text: 'eyJhbGciOi', check: { kind: 'token', least: 30 } },
  { text: 'eyJ0eXAiOi', check: { kind: 'token', least: 30 } },
  { text: 'AccountKey=', check: { kind: 'token', least: 40 } },
  { text: 'hooks.slack.com/services/T', ignoreCase: true, check: { kind: 'token', least: 16 } },
  { text: '_authToken=', check: { kind: 'token', least: 6 } },
  { text: ':_auth=', check: { kind: 'token', least: 6 } },
  { text: 'PRIVATE KEY', check: { kind: 'key' } },
  { text: 'PuTTY-User-Key-File-', check: { kind: 'token', least: 1 } },
  { text: 'tp://', ignoreCase: true, check: { kind: 'address' } },
  { text: 'tps://', ignoreCase: true, check: { kind: 'address' } },
  { text: 'mongodb', ignoreCase: true, check: { kind: 'address' } },
  { text: 'mysql', ignoreCase: true, check: { kind: 'address' } },
  { text: 'postgres', ignoreCase: true, check: { kind: 'address' } },
  { text: 'redis', ignoreCase: true, check: { kind: 'address' } },
  { text: 'amqp', ignoreCase: true, check: { kind: 'address' } },
];

/** What names of secrets contain. */
export const NAME_ANCHORS: readonly Anchor[] = [
  ...names('passw', 'passphrase', 'secret', 'token', 'apikey', 'api_key', 'api-key', 'credential'),
  ...names('private_key', 'privatekey', 'access_key', 'accesskey', 'signing_key', 'encryption_key'),
  ...names('_pass', '_auth', '_pwd', 'pwd=', 'pass=', '_key='),
  { text: 'machine ', check: { kind: 'token', least: 1 } },
];

function names(...texts: readonly string[]): Anchor[] {
  return texts.map((text) => ({ text, ignoreCase: true, check: { kind: 'name' } }));
}

const TOKEN_BYTE = bytesOf(`${WORD}-.+/=:~%`);
const ADDRESS_BYTE = bytesOf("-._~%!$&'()*+,;=:^|[]{}?#", WORD);
const NAME_BYTE = bytesOf(`-."'\` ]`, WORD);
const LEAD_BYTE = bytesOf(` \t"'\`=>`);
const QUOTE = bytesOf(`"'`);
const VALUE_BYTE = bytesOf(WORD, '-.+/=:~%!@#?*&');
const AT = 0x40;

function bytesOf(...texts: readonly string[]): Uint8Array {
  const table = new Uint8Array(256);
  for (const char of texts.join('')) table[char.charCodeAt(0)] = 1;
  return table;
}

/** Whether what is around an anchor makes it worth a closer look. */
export function isPlace(bytes: Uint8Array, at: number, end: number, { text, check }: Anchor): boolean {
  const after = at + text.length;
  switch (check.kind) {
    case 'token': {
      if (after + check.least > end) return false;
      for (let i = after; i < after + check.least; i++) if (TOKEN_BYTE[bytes[i]!] === 0) return false;
      return true;
    }
    case 'key':
      return begins(bytes, at);
    case 'address':
      return hasUser(bytes, after, end, text);
    case 'name':
      return hasValue(bytes, after, end);
  }
}

const BEGIN = bytesOfText('-----BEGIN');

function bytesOfText(text: string): readonly number[] {
  return [...text].map((char) => char.charCodeAt(0));
}

/** Whether `-----BEGIN` and a word or two stand before. */
function begins(bytes: Uint8Array, at: number): boolean {
  for (let start = at - BEGIN.length; start >= 0 && start > at - 40; start--)
    if (BEGIN.every((byte, i) => bytes[start + i] === byte)) return true;
  return false;
}

function hasUser(bytes: Uint8Array, after: number, end: number, text: string): boolean {
  let i = after;
  if (!text.endsWith('://')) {
    // mongodb+srv, postgresql, mysqlx, rediss, amqps.
    while (i < end && i < after + 8 && bytes[i] !== 0x3a) i++;
    if (bytes[i] !== 0x3a || bytes[i + 1] !== 0x2f || bytes[i + 2] !== 0x2f) return false;
    i += 3;
  }
  for (const start = i; i < end && i < start + 512; i++) {
    if (bytes[i] === AT) return i > start;
    if (ADDRESS_BYTE[bytes[i]!] === 0) return false;
  }
  return false;
}

function hasValue(bytes: Uint8Array, after: number, end: number): boolean {
  // The literal may end with the sign itself.
  for (let i = after - 1; i < end && i < after + 48; i++) {
    const byte = bytes[i]!;
    if (byte === 0x3d || byte === 0x3a || byte === 0x3e) return beginsValue(bytes, i + 1, end);
    if (byte === 0x2c) return QUOTE[bytes[i - 1]!] === 1 && beginsValue(bytes, i + 1, end);
    if (NAME_BYTE[byte] === 0) return false;
  }
  return false;
}

/** Four characters of a value, after blanks, quotes and a second sign. */
function beginsValue(bytes: Uint8Array, from: number, end: number): boolean {
  let i = from;
  while (i < end && i < from + 8 && LEAD_BYTE[bytes[i]!] === 1) i++;
  if (i + 4 > end) return false;
  for (let k = i; k < i + 4; k++) if (VALUE_BYTE[bytes[k]!] === 0) return false;
  return true;
}
