// What a rewrite said it would change.

import type { FileChange } from '../differences/index.ts';
import type { Allowance } from '../optimize/index.ts';

/** Whether it covers a difference. */
export function allowsFile(allowance: Allowance, { path, kind, aspects }: FileChange): boolean {
  if (allowance.what === 'paths') return allowance.change === kind && setOf(allowance.paths).has(path);
  if (allowance.what !== 'files' || allowance.change !== kind || !isBelow(path, allowance.below))
    return false;
  return (
    allowance.aspects === undefined ||
    aspects.every((aspect) => allowance.aspects!.some((one) => one === aspect))
  );
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
