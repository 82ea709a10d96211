// The address of a git repository: `https://host/x.git#ref:directory`, `git@host:x`, `ssh://…`, `git://…`, with
// options as a query. What is refused here never reaches the command line of git or ssh.

import { cleanRelative, MilleError, redactUrls } from '../../core/index.ts';
import { type GitOptions, readGitQuery } from './git-query.ts';

/** A git repository, and what of it is wanted. */
export interface GitAddress extends GitOptions {
  readonly kind: 'git';
  readonly scheme: 'http' | 'https' | 'ssh' | 'git';
  /** As git is to be given it: without password and, for HTTP, without user. */
  readonly remote: string;
  /** With the port, where one is written. */
  readonly host: string;
  /** For HTTP: the user and password that were written into the URL. */
  readonly credentials?: { readonly user: string; readonly password: string };
}

const SCHEME = /^([a-zA-Z0-9]+):\/\//;
const SCHEMES: ReadonlySet<string> = new Set<GitAddress['scheme']>(['http', 'https', 'ssh', 'git']);
/** `user@host:path?query#fragment`, as scp writes it. */
const SCP_LIKE = /^([a-zA-Z0-9-_]+)@([a-zA-Z0-9-.]+):(.*?)(?:\?(.*?))?(?:#(.*))?$/;

/**
 * Reads the address of a git repository; undefined for a text that is something else: a path, a URL of a file (an
 * HTTP URL is a repository when its path ends in `.git`).
 * @throws MilleError `address-invalid`
 */
export function parseGitAddress(text: string): GitAddress | undefined {
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return parseScpLike(text);
  if (!SCHEMES.has(scheme)) return undefined;
  const url = splitUrl(text);
  if ((scheme === 'http' || scheme === 'https') && !decode(url.path).endsWith('.git')) return undefined;
  return fromUrl(text, scheme as GitAddress['scheme'], url);
}

/** Reads an HTTP URL as a repository whatever its path ends in: `github.com/x/y` as a build context. */
export function gitAddressOf(url: string): GitAddress {
  const scheme = SCHEME.exec(url)?.[1]?.toLowerCase() === 'http' ? 'http' : 'https';
  return fromUrl(url, scheme, splitUrl(url));
}

/** `[user@]host:path`, as git takes it from a `.gitmodules`. */
const SCP_REMOTE = /^(?:([^@/:]*)@)?([a-zA-Z0-9-.]+):(?!\/\/)(.+)$/;

/**
 * Reads a remote as git does, for a submodule: nothing in it is an option. Undefined for what is not fetched over the
 * network: paths, `file://`, and helpers such as `ext::`, which would run a command.
 * @throws MilleError `address-invalid`
 */
export function plainRemote(text: string): GitAddress | undefined {
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined && SCHEMES.has(scheme)) {
    // What would begin an option is a part of the path here.
    const cut = text.search(/[?#]/);
    const whole = cut < 0 ? text : text.slice(0, cut);
    const address = fromUrl(text, scheme as GitAddress['scheme'], splitUrl(whole));
    return cut < 0 ? address : { ...address, remote: address.remote + text.slice(cut) };
  }
  const match = text.includes('::') ? null : SCP_REMOTE.exec(text);
  if (!match) return undefined;
  const [, user, host = '', path = ''] = match;
  const remote = `${user === undefined ? '' : `${user}@`}${host}:${path}`;
  return checked(text, { kind: 'git', scheme: 'ssh', remote, host, subdir: '' }, { user: user ?? '', path });
}

/** An address in words, without passwords: `https://host/x.git#main:sub`. */
export function describeGit({
  remote,
  ref = '',
  subdir,
}: Pick<GitAddress, 'remote' | 'ref' | 'subdir'>): string {
  const fragment = subdir === '' ? ref : `${ref}:${subdir}`;
  return redactUrls(fragment === '' ? remote : `${remote}#${fragment}`);
}

/** Whether a text is a whole commit id: 40 hexadecimal digits, or 64 in a repository of SHA-256. */
export function isCommitId(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

interface UrlParts {
  /** The user information before `@`, as written. */
  readonly user: string | undefined;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
}

function splitUrl(text: string): UrlParts {
  const rest = text.slice(text.indexOf('://') + 3);
  const hash = rest.indexOf('#');
  const beforeFragment = hash < 0 ? rest : rest.slice(0, hash);
  const mark = beforeFragment.indexOf('?');
  const location = mark < 0 ? beforeFragment : beforeFragment.slice(0, mark);
  const slash = location.indexOf('/');
  const authority = slash < 0 ? location : location.slice(0, slash);
  const at = authority.lastIndexOf('@');
  return {
    user: at < 0 ? undefined : authority.slice(0, at),
    host: authority.slice(at + 1),
    path: slash < 0 ? '' : location.slice(slash),
    query: mark < 0 ? '' : beforeFragment.slice(mark + 1),
    fragment: hash < 0 ? '' : decode(rest.slice(hash + 1)),
  };
}

function fromUrl(text: string, scheme: GitAddress['scheme'], url: UrlParts): GitAddress {
  const { user, host, path } = url;
  if (host === '') throw invalid(text, 'it names no host');
  const overHttp = scheme === 'http' || scheme === 'https';
  const [name = '', password = ''] = splitOnce(user ?? '', ':').map(decode);
  const login = overHttp || name === '' ? '' : `${(user ?? '').split(':')[0]}@`;
  const address: GitAddress = {
    kind: 'git',
    scheme,
    remote: `${scheme}://${login}${host}${path}`,
    host,
    ...(overHttp && user !== undefined ? { credentials: { user: name, password } } : {}),
    ...withFragment(text, url),
  };
  return checked(text, address, { user: name, path });
}

function parseScpLike(text: string): GitAddress | undefined {
  const match = SCP_LIKE.exec(text);
  if (!match) return undefined;
  const [, user = '', host = '', path = '', query = '', fragment = ''] = match;
  const remote = `${user}@${host}:${path}`;
  const options = withFragment(text, { query, fragment });
  return checked(text, { kind: 'git', scheme: 'ssh', remote, host, ...options }, { user, path });
}

/** `#ref:directory` and the query together; where both say the same thing they must agree. */
function withFragment(text: string, url: Pick<UrlParts, 'query' | 'fragment'>): GitOptions {
  const [ref = '', directory = ''] = splitOnce(url.fragment, ':');
  const given = { ...(ref === '' ? {} : { ref }), subdir: cleanRelative(directory) };
  try {
    return readGitQuery(url.query, given);
  } catch (error) {
    throw error instanceof MilleError ? invalid(text, error.message, error.hint) : error;
  }
}

/** What git or ssh could take for an option, or what is no name at all. */
function checked(text: string, address: GitAddress, parts: { user: string; path: string }): GitAddress {
  if (/[\x00-\x20\x7f]/.test(address.remote)) throw invalid(text, 'it holds a space or a control character');
  const named = { host: address.host, user: parts.user, path: parts.path };
  for (const [what, value] of Object.entries(named))
    if (value.startsWith('-')) throw invalid(text, `the ${what} begins with '-'`);
  const { ref } = address;
  if (ref !== undefined && !isRefName(ref)) {
    throw invalid(text, `'${ref}' cannot be the name of a branch, tag or commit`);
  }
  return address;
}

/** Whether a text can be the name of a ref: git-check-ref-format(1), for a name of one part or more. */
export function isRefName(ref: string): boolean {
  if (/[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|^[-/]|[/.]$/.test(ref)) return false;
  return ref !== '@' && ref.split('/').every((part) => !part.startsWith('.') && !part.endsWith('.lock'));
}

const FORMS = 'write https://HOST/PATH.git#REF:DIRECTORY, or git@HOST:PATH#REF:DIRECTORY';

function invalid(text: string, why: string, hint = FORMS): MilleError {
  return new MilleError('address-invalid', `${redactUrls(text)} is no address of a git repository: ${why}`, {
    hint,
  });
}

function splitOnce(text: string, by: string): [string, string] {
  const at = text.indexOf(by);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + by.length)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
