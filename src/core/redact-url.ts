// Passwords in URLs. People write them into Dockerfiles and command lines; nothing that is shown or kept repeats them.

const USER = /([a-z][a-z0-9+.-]*:\/\/)([^\s/?#"'`@]*@)+/gi;
const PARAMETER =
  /([?&;](?:[\w.-]*(?:token|secret|passw(?:or)?d|signature|credential|api[_-]?key)|sig|auth|pwd)=)[^\s&;#"'`]*[^\s&;#"'`:,.)\]]/gi;

/**
 * A text in which no URL has a user name, a password, or the value of a query parameter that is named like a secret.
 * `ssh://git@…` stays: without a password the user's name is part of the address.
 */
export function redactUrls(text: string): string {
  if (!text.includes('://')) return text;
  return text
    .replace(USER, (all, scheme: string) =>
      /^(?:git\+)?ssh:\/\/[^:@]*@$/i.test(all) ? all : `${scheme}***@`,
    )
    .replace(PARAMETER, '$1***');
}
