// What a rewrite said it would change.

import type { FileChange } from '../differences/index.ts';
import type { Allowance } from '../optimize/index.ts';

/** Whether it covers a difference. */
export function allowsFile(allowance: Allowance, { path, kind, aspects }: FileChange): boolean {
  if (allowance.what === 'paths')
    return !allowance.emptied && allowance.change === kind && setOf(allowance.paths).has(path);
  if (allowance.what !== 'files' || allowance.change !== kind || !isBelow(path, allowance.below))
    return false;
  return (
    allowance.aspects === undefined ||
    aspects.every((aspect) => allowance.aspects!.some((one) => one === aspect))
  );
}

/**
 * Directories that are missing because all that lay in them is, with what allows that: nothing in there is left over.
 * @param isAllowed whether a difference is covered by anything else
 */
export function emptiedDirectories(
  allows: readonly Allowance[],
  changes: readonly FileChange[],
  isAllowed: (change: FileChange) => boolean,
): ReadonlyMap<string, Allowance> {
  const emptied = allows.filter((one) => one.what === 'paths' && one.emptied);
  const found = new Map<string, Allowance>();
  if (emptied.length === 0) return found;
  const [filled, held] = [new Set<string>(), new Set<string>()];
  // By their paths, so that from the end what lies in a directory comes before it.
  for (const change of changes.toReversed()) {
    const { path, kind } = change;
    const allowance =
      kind === 'removed' && filled.has(path) && !held.has(path)
        ? emptied.find((one) => one.what === 'paths' && setOf(one.paths).has(path))
        : undefined;
    if (allowance) found.set(path, allowance);
    const goes = allowance !== undefined || isAllowed(change);
    for (let at = parentOf(path); at !== ''; at = parentOf(at)) (goes ? filled : held).add(at);
  }
  return found;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

function setOf(paths: readonly string[]): ReadonlySet<string> {
  const set = sets.get(paths) ?? new Set(paths);
  sets.set(paths, set);
  return set;
}

/** Whether a path is another one or below it; `*` in that stands for anything within one name. */
function isBelow(path: string, root: string): boolean {
  const names = path.split('/');
  return root.split('/').every((name, i) => names[i] !== undefined && fits(names[i], name));
}

function fits(name: string, pattern: string): boolean {
  if (!pattern.includes('*')) return name === pattern;
  const parts = pattern.split('*');
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length)
    return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= name.length - last.length;
}
