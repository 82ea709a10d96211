// What a text names that is no path of this machine: a repository or a file by HTTP.

import { type GitAddress, gitAddressOf, parseGitAddress } from './git-address.ts';

/** A file behind an HTTP URL. */
export interface UrlAddress {
  readonly kind: 'url';
  readonly url: string;
}

/** Something that is fetched. */
export type RemoteAddress = GitAddress | UrlAddress;

/**
 * Reads a text as a build context (or the value of a named one); undefined for what can only be a path.
 * `github.com/x/y` is a repository there, as docker has always had it. A directory of such a name goes first, which
 * is for the caller to look after.
 * @throws MilleError `address-invalid`
 */
export function remoteAddress(text: string): RemoteAddress | undefined {
  if (text.startsWith('github.com/')) return gitAddressOf(`https://${text}`);
  const git = /^\.\.?\//.test(text) ? undefined : parseGitAddress(text);
  return git ?? (isUrl(text) ? { kind: 'url', url: text } : undefined);
}

/** Whether a text is the URL of something by HTTP. */
export function isUrl(text: string): boolean {
  return /^https?:\/\//.test(text);
}
