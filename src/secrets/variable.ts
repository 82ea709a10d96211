// Variables: of ENV, of ARG, of build arguments, of `-e`. The name tells, or the value does.

import { looksSecret } from '../core/index.ts';
import type { FoundSecret } from './finding.ts';
import { redact } from './redact.ts';
import { strengthOf } from './values.ts';

/** Names that say where a secret is, or something about one. */
const ABOUT =
  /(?:_FILE|_PATH|_DIR|_URL|_URI|_HOST|_PORT|_NAME|_USER|_ID|_TTL|_TYPE|_LENGTH|_EXPIR\w*|_LIFETIME|_POLICY|_TIMEOUT|_ENABLED|_ALGORITHM|_HEADER|_COUNT|_LIMIT|_VERSION|_SCHEME|_RATELIMIT|_HASH|_HEX)$|(?:^|_)SHA\d*(?:_|$)|^(?:TOKENIZERS|PATH$|GPG_KEYS?$|KEY$|SECRET_KEY_BASE_DUMMY)|PUBLIC/i;

/** Names beside those of `looksSecret`, as whole words: `DB_PASS`, `PGPASSWORD`, `MYSQL_PWD`, `ACCESSKEY`. */
const MORE = /(?:^|_)(?:DB_?PASS|ACCESS_?KEY|SECRET_?KEY|PASSKEY|SASL_?PASS)(?:$|_)/i;

/** Whether a variable's name says that it holds a secret. */
export function namesSecret(name: string): boolean {
  return (looksSecret(name) || MORE.test(name)) && !ABOUT.test(name);
}

/** What a variable of an image gives away by its name. Values are looked at by `findSecrets`. */
export function scanVariable(name: string, value: string): FoundSecret | undefined {
  if (!namesSecret(name)) return undefined;
  const strength = strengthOf(value);
  if (strength === 'none') return undefined;
  return {
    rule: 'variable',
    severity: strength === 'weak' ? 'warning' : 'error',
    shown: redact(value),
    name,
    offset: 0,
    length: value.length,
  };
}
