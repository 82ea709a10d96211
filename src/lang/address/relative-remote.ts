// The remote of a submodule whose URL is relative: `../lib.git` beside the repository that names it.

/**
 * Resolves a URL of `.gitmodules` against the remote of the repository that holds it, as git-submodule(1) does. One
 * that is not relative stays as it is.
 */
export function resolveRemote(remote: string, url: string): string {
  if (!/^\.\.?\//.test(url)) return url;
  let base = remote.replace(/\/+$/, '');
  let rest = url;
  let separator = '/';
  while (/^\.\.?\//.test(rest)) {
    if (rest.startsWith('./')) {
      rest = rest.slice(2);
      continue;
    }
    rest = rest.slice(3);
    const floor = base.indexOf('://');
    const slash = base.lastIndexOf('/');
    const colon = base.lastIndexOf(':');
    if (slash > (floor < 0 ? -1 : floor + 2)) {
      base = base.slice(0, slash);
    } else if (floor < 0 && colon >= 0) {
      // `git@host:lib.git`: what is left is a host, and its path begins behind the colon.
      base = base.slice(0, colon);
      separator = ':';
    }
  }
  return `${base}${separator}${rest}`.replace(/\/+$/, '');
}
