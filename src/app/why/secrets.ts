// What must not be shown of files and instructions: they may hold what people keep secret. When in doubt it is hidden.

import { looksSecret, redactUrls } from '../../core/index.ts';

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
  /\b(?:A(?:KIA|SIA)[0-9A-Z]{16}|gh[pousr]_[0-9A-Za-z]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|npm_[0-9A-Za-z]{30,}|pypi-[\w-]{30,}|xox[abeprs]-[\w-]{10,}|sk-[\w-]{20,}|sk_live_\w{16,}|AIza[\w-]{30,}|dckr_pat_[\w-]{20,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*)/g;

const NAMED = /([A-Za-z_][\w.-]*)(["']?\s*(?:[:=]|=>)\s*)("(?:[^"\\]|\\.)*"|'[^']*'|[^\s"']\S*)/g;
const HEADER = /((?:authorization|cookie)["']?\s*[:=]\s*["']?(?:(?:basic|bearer|token)\s+)?)[^\s"']+/gi;

/** A text without values whose names sound secret, tokens known by their form, and passwords in URLs. */
export function hideSecrets(text: string): string {
  return redactUrls(text)
    .replace(HEADER, '$1****')
    .replace(NAMED, (all, name: string, between: string) =>
      looksSecret(name) ? `${name}${between}****` : all,
    )
    .replace(TOKEN, '****');
}

/** A line of a file in the same way; to its end, for a value may have spaces in it. */
export function hideInLine(line: string): string {
  const named = /([A-Za-z_][\w.-]*)(["']?\s*(?:[:=]|=>)\s*)(?=\S)/g;
  for (let match = named.exec(line); match; match = named.exec(line)) {
    if (looksSecret(match[1]!)) return `${hideSecrets(line.slice(0, match.index))}${match[1]}${match[2]}****`;
  }
  return hideSecrets(line);
}
