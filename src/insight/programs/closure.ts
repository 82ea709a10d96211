// Everything that some files need, and what that needs, to the end.

import type { ProgramFacts } from '../../lang/executable/index.ts';
import type { ImageConfig } from '../../oci/image/index.ts';
import { needsOf } from './needs.ts';
import type { SeenTree } from './seen-tree.ts';

/** What to follow. */
export interface ClosureRequest {
  readonly tree: SeenTree;
  readonly programs: ReadonlyMap<string, ProgramFacts>;
  readonly config: ImageConfig;
}

/** Paths of the image: those that it begins with, and all that these lead to. */
export function closureOf(
  paths: Iterable<string>,
  { tree, programs, config }: ClosureRequest,
): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...paths];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    const entry = tree.entries.get(path);
    if (entry?.type === 'symlink') open.push(...(tree.follow(path) ?? []));
    if (entry?.type === 'hardlink' && entry.link !== undefined) open.push(entry.link);
    const facts = programs.get(path);
    if (!facts) continue;
    for (const need of needsOf(tree, { path, facts, config })) open.push(...(need.found ?? []));
  }
  return found;
}
