// Names under which people keep secrets. Their values are neither shown nor stored.

const SECRET =
  /(?:^|[_\-.])(?:pass(?:word|wd|phrase)?|pwd|secret|token|api_?key|key|credentials?|creds?|auth|private|signature|pat)s?(?:$|[_\-.])|password|passwd|secret|token|apikey|credential/i;

/** Public by their nature although their names say otherwise. */
const HARMLESS = /^(?:GPG_KEYS?|PUBLIC_KEY|.*_KEY_ID|.*_PUBLIC_KEY|.*_GPG_KEY)$/i;

/** Whether a variable's name suggests that its value is a secret. */
export function looksSecret(name: string): boolean {
  return SECRET.test(name) && !HARMLESS.test(name);
}
