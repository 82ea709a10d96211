// Secrets by their form that the detector does not know, each a function from a text to places in it.

import type { Located } from './find-secrets.ts';
import { isPlaceholder } from './values.ts';

type Form = (text: string) => readonly Located[];

/** All of them. */
export const MORE_FORMS: readonly Form[] = [keys, tokens, addresses];

const KEY = /-----BEGIN ((?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?)-----/g;
const TO_END = /-----END /;

/** Keys whose kind the detector passes over: encrypted ones, PGP, PuTTY, and those with headers. */
function keys(text: string): Located[] {
  const found: Located[] = [];
  for (const match of text.matchAll(KEY)) {
    const start = match.index;
    const rest = text.slice(start + match[0].length);
    const end = TO_END.exec(rest)?.index;
    const body = rest.slice(0, end ?? 4096);
    // Code that looks for keys has the line as well, and no key after it.
    if (base64Of(body) < 100) continue;
    const encrypted = match[1]!.startsWith('ENCRYPTED') || /^\s*Proc-Type: 4,ENCRYPTED/m.test(body);
    found.push({
      rule: encrypted ? 'encrypted-key' : 'private-key',
      severity: encrypted ? 'warning' : 'error',
      start,
      end: start + match[0].length + (end ?? body.length),
    });
  }
  for (const match of text.matchAll(/PuTTY-User-Key-File-\d: [\w-]+\s+Encryption: (\S+)/g))
    found.push({
      rule: match[1] === 'none' ? 'private-key' : 'encrypted-key',
      severity: match[1] === 'none' ? 'error' : 'warning',
      start: match.index,
      end: match.index + match[0].length,
    });
  return found;
}

/** Characters in lines of nothing but base64. */
function base64Of(body: string): number {
  let sum = 0;
  for (const line of body.split('\n').slice(0, 100))
    if (/^[ \t"'+]*[A-Za-z0-9+/]{24,}={0,2}[ \t"',;\\+]*$/.test(line)) sum += line.length;
  // All on one line, as in JSON.
  return Math.max(sum, /^\s*([A-Za-z0-9+/\s]{100,})/.exec(body)?.[1]?.replace(/\s/g, '').length ?? 0);
}

const TOKENS: readonly (readonly [rule: string, severity: Located['severity'], pattern: RegExp])[] = [
  // The identifier alone opens nothing; where it is, the secret is not far.
  ['aws', 'warning', /(?<![A-Za-z0-9])A(?:KIA|SIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g],
  ['pypi', 'error', /(?<![\w-])pypi-AgE[\w-]{50,400}/g],
  ['google-api-key', 'warning', /(?<![\w-])AIza[\w-]{35}(?![\w-])/g],
  ['jwt', 'warning', /(?<![\w.-])eyJ(?:hbGciOi|0eXAiOi)[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.[\w-]{20,1000}/g],
  ['azure-storage-key', 'error', /(?<=AccountKey=)[A-Za-z0-9+/]{86}==/g],
  ['age', 'error', /(?<![\w-])AGE-SECRET-KEY-1[0-9A-Z]{58}/g],
  ['npm', 'error', /(?<=_authToken=)[\w./+=-]{16,400}/g],
  ['npm', 'error', /(?<=:_auth=)[A-Za-z0-9+/]{8,400}={0,2}/g],
];

function tokens(text: string): Located[] {
  return TOKENS.flatMap(([rule, severity, pattern]) =>
    [...text.matchAll(pattern)]
      .filter(([value]) => !isPlaceholder(value) && !value.includes('EXAMPLE'))
      .map(({ index, 0: value }) => ({ rule, severity, start: index, end: index + value.length })),
  );
}

const ADDRESS =
  /(?<![\w+.-])([a-z][a-z0-9+.-]{1,20}):\/\/([^\s:@/'"`<>\\]{0,128})(?::([^\s@/'"`<>\\]{1,256}))?@([\w.-]{1,253}|\[[0-9a-f:]+\])/gi;

/** Passwords in addresses, and tokens in the place of a user: `https://TOKEN@host`, `https://user:password@host:5000`. */
function addresses(text: string): Located[] {
  const found: Located[] = [];
  for (const match of text.matchAll(ADDRESS)) {
    const [whole, scheme = '', user = '', password, host = ''] = match;
    const secret = password ?? (user.length >= 20 && /\d/.test(user) ? user : undefined);
    if (secret === undefined || /^(?:data|mailto|javascript)$/i.test(scheme)) continue;
    if (secret.length < 4 || isPlaceholder(secret) || EXAMPLE_HOST.test(host) || sameWord(user, password))
      continue;
    if (CODE.test(secret) || CODE.test(user) || host.includes('..')) continue;
    const start = match.index + whole.lastIndexOf(secret, whole.length - host.length - 1);
    found.push({ rule: 'password-in-url', severity: 'error', start, end: start + secret.length });
  }
  return found;
}

const EXAMPLE_HOST = /(?:^|\.)(?:example(?:\.\w+)?|invalid|test|host|hostname|server|domain|mydomain\.\w+)$/i;
/** Signs of patterns, formats and variables. */
const CODE = /[[\](){}|*?$\\^,;]|%[sdv]|^\.+$/;

/** `user:pass`, `foo:bar`, `scott:tiger`: what documentation writes. */
function sameWord(user: string, password: string | undefined): boolean {
  if (password === undefined) return false;
  if (user === password) return true;
  const pair = `${user}:${password}`.toLowerCase();
  return /^(?:\w*user(?:name)?|login|me|joe|john|alice|bob|foo|usr|u|name):(?:\w*pass(?:word|wd|w)?|pwd|p|pw|bar|secret|psw)$|^scott:tiger$/.test(
    pair,
  );
}
