// Paths in budgets: a file, a directory with all below it, or a pattern with `*` (within a name), `**` (any number of
// directories) and `?`.

/** Whether a path, with a slash before it, is meant. */
export function pathMatcher(pattern: string): (path: string) => boolean {
  const clean = pattern.replace(/\/+$/, '') || '/';
  if (!/[*?]/.test(clean)) {
    if (clean === '/') return () => true;
    const below = `${clean}/`;
    return (path) => path === clean || path.startsWith(below);
  }
  const rooted = clean.startsWith('/') ? clean : `/${clean}`;
  const source = rooted
    .split(/(\/\*\*(?=\/|$)|\*|\?)/)
    .map((part) => {
      if (part === '/**') return '(?:/.*)?';
      if (part === '*') return '[^/]*';
      if (part === '?') return '[^/]';
      return part.replace(/[.+^${}()|[\]\\]/g, '\\$&');
    })
    .join('');
  // What a pattern matches is meant with all below it.
  const regex = new RegExp(`^${source}(?:/.*)?$`, 's');
  return (path) => regex.test(path);
}
