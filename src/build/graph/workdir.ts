// Paths of WORKDIR and of destinations, as BuildKit joins them: an absolute path stays as it was written.

/** The working directory that WORKDIR sets on top of the current one. */
export function normalizeWorkdir(current: string, path: string): string {
  const parent = current.startsWith('/') ? current : joinClean('/', current);
  const wanted = path === '' ? parent : path;
  return wanted.startsWith('/') ? wanted : joinClean(parent, wanted);
}

/** The destination of COPY or ADD: absolute; a trailing `/` or `/.` is kept, for it says that it is a directory. */
export function resolveDestination(workdir: string, path: string): string {
  const wanted = path === '' || path === '.' ? './' : path;
  if (wanted.startsWith('/')) return wanted;
  const joined = joinClean(workdir === '' ? '/' : workdir, wanted);
  if (wanted.endsWith('/')) return joined.endsWith('/') ? joined : `${joined}/`;
  if (wanted.endsWith('/.')) return `${joined === '/' ? '' : joined}/.`;
  return joined;
}

/** Joins and cleans two paths, the first of them absolute; `..` stops at the root. */
export function joinClean(parent: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${parent}/${path}`.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}
