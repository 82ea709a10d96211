// Who we are to a server of git: a header for HTTP, from the secrets that BuildKit knows by these names, or from what
// was written into the URL.

import { MilleError } from '../../../core/index.ts';
import type { GitAddress } from '../../../lang/address/index.ts';

/** Where credentials may come from. */
export interface CredentialSources {
  readonly secrets: ReadonlyMap<string, Uint8Array>;
  /**
   * Whether secrets that name no host may be used: for an address that the user wrote, and for what lies on the same
   * server; not for wherever a submodule or a redirection leads.
   */
  readonly trusted: boolean;
}

/** The value of `Authorization` for a repository by HTTP; undefined where nothing is known. */
export function authorizationFor(address: GitAddress, sources: CredentialSources): string | undefined {
  if (address.scheme !== 'http' && address.scheme !== 'https') return undefined;
  const suffixes = [`.${address.host}`, ...(sources.trusted ? [''] : [])];
  for (const suffix of suffixes) {
    const header = secret(sources, `GIT_AUTH_HEADER${suffix}`);
    if (header !== undefined) return header;
    const token = secret(sources, `GIT_AUTH_TOKEN${suffix}`);
    if (token !== undefined) return basic('x-access-token', token);
  }
  const { credentials } = address;
  return credentials && basic(credentials.user, credentials.password);
}

/** Whether two repositories are on the same server, as far as a token is concerned. */
export function sameServer(a: GitAddress, b: GitAddress): boolean {
  return a.scheme === b.scheme && a.host.toLowerCase() === b.host.toLowerCase();
}

function secret({ secrets }: CredentialSources, name: string): string | undefined {
  const bytes = secrets.get(name);
  if (bytes === undefined) return undefined;
  // A file mostly ends in a newline, which is no part of a token.
  const text = Buffer.from(bytes).toString().trim();
  if (!/[\0\r\n]/.test(text)) return text;
  throw new MilleError('usage', `the secret ${name} has more than one line`, {
    hint: 'it is a token, or the value of a header',
  });
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
