// What must not be shown of files and instructions: they may hold what people keep secret. When in doubt it is hidden.

import { redactUrls } from './redact-url.ts';
import { looksSecret } from './secret-name.ts';

/** Files that hold secrets under names that do not say so; and keys and certificates by their endings. */
const SECRET_FILE =
  /^(?:\.env(?:\..*)?|.*\.env|\.?envrc|\.npmrc|\.yarnrc(?:\.yml)?|\.pypirc|\.netrc|_netrc|\.pgpass|\.my\.cnf|\.htpasswd|\.git-credentials|\.dockercfg|\.boto|\.s3cfg|id_(?:rsa|dsa|ecdsa|ed25519).*|kubeconfig|.*\.(?:pem|key|p12|pfx|jks|keystore|kdbx|asc|gpg|ppk|ovpn|tfstate|tfvars|crt|cer|der))$/i;
const SECRET_DIRECTORY = /^(?:\.ssh|\.aws|\.gnupg|\.docker|\.kube|\.azure|\.gcloud)$/i;

/** Whether a path sounds as if it kept a secret: its text is never shown. */
export function isSecretFile(path: string): boolean {
  const parts = path.split('/').filter(Boolean);
  return parts.some(
    (part, i) =>
      looksSecret(part) || SECRET_DIRECTORY.test(part) || (i === parts.length - 1 && SECRET_FILE.test(part)),
  );
}

/** Begins a private key, in whatever file. */
const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY|-----BEGIN PGP|PuTTY-User-Key-File/;

/** Whether a text holds what cannot be hidden line by line. */
export function holdsKey(text: string): boolean {
  return PRIVATE_KEY.test(text);
}

/** Tokens that are known by their form. */
const TOKEN =
  /\b(?:A(?:KIA|SIA)[0-9A-Z]{16}|gh[pousr]_[0-9A-Za-z]{20,400}|github_pat_\w{20,400}|glpat-[\w-]{16,400}|npm_[0-9A-Za-z]{30,400}|pypi-[\w-]{30,400}|xox[abeprs]-[\w-]{10,2000}|sk-[\w-]{20,400}|sk_live_\w{16,400}|AIza[\w-]{30,400}|dckr_pat_[\w-]{20,400}|eyJ[\w-]{10,2000}\.[\w-]{10,2000}\.[\w-]{0,2000})/g;

/** A name with what sets it off from its value; and a value, quoted or up to where the next word or item begins. */
const NAME = /(?<![\w.-])([\w.-]{1,200})["']?\s*(?:=>|[:=])\s*/g;
const VALUE = /"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"',;&|)]+/y;
const HEADER = /((?:authorization|cookie)["']?\s*[:=]\s*["']?(?:(?:basic|bearer|token)\s+)?)[^\s"']+/gi;

/** A variable and nothing else: of a text in which variables still stand it says where a value is, and not which. */
const REFERENCE = /^("?)\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\})\1$/;

/**
 * A text without values whose names sound secret, tokens known by their form, and passwords in URLs.
 * @param options.unexpanded variables stand in it by their names, as in a Dockerfile: these names are shown
 */
export function hideSecrets(text: string, { unexpanded = false } = {}): string {
  const hidden = hideNamed(redactUrls(text).replace(HEADER, '$1****'), unexpanded);
  return hideTokens(hidden);
}

/** A text without tokens that are known by their form. */
export function hideTokens(text: string): string {
  return text.replace(TOKEN, '****');
}

/**
 * A line of a Dockerfile with a star in the place of each character of a value whose name sounds secret, and of tokens known
 * by their form: what else stands in it keeps its column.
 */
export function maskSecrets(line: string): string {
  const stars = (value: string) => '*'.repeat(value.length);
  return hideNamed(line, true, stars).replace(TOKEN, stars);
}

function hideNamed(
  text: string,
  unexpanded: boolean,
  shownAs: (value: string) => string = () => '****',
): string {
  let shown = '';
  let at = 0;
  for (const match of text.matchAll(NAME)) {
    const start = match.index + match[0].length;
    if (match.index < at || !looksSecret(match[1]!)) continue;
    VALUE.lastIndex = start;
    const value = VALUE.exec(text)?.[0];
    if (value === undefined || (unexpanded && REFERENCE.test(value))) continue;
    shown += text.slice(at, start) + shownAs(value);
    at = start + value.length;
  }
  return shown + text.slice(at);
}

/** A line of a file in the same way; to its end, for a value may have spaces in it. */
export function hideInLine(line: string): string {
  for (const match of line.matchAll(NAME)) {
    const start = match.index + match[0].length;
    if (looksSecret(match[1]!) && start < line.length)
      return `${hideSecrets(line.slice(0, match.index))}${match[0]}****`;
  }
  return hideSecrets(line);
}
