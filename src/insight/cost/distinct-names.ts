// Groups of files that lie in one place and are read by different steps, told apart by what is in them.

import type { FileGroup } from './file-groups.ts';

/** Files that a name lists before it counts. */
const MOST_LISTED = 2;

/**
 * The names of groups, no two the same: where several have one, the largest is `src/ (others)`, and the rest say what they
 * hold: `src/ (main.c)`, `src/ (a.md and 4 more)`.
 * @param groups with their files; of a group of which none is left, those that it had
 */
export function distinctNames(
  groups: ReadonlyMap<FileGroup, readonly string[]>,
): ReadonlyMap<FileGroup, string> {
  const ranked = [...groups].sort(([, a], [, b]) => b.length - a.length);
  const largest = new Map<string, FileGroup>();
  for (const [group] of ranked) if (!largest.has(group.name)) largest.set(group.name, group);
  const shared = new Set(
    ranked.flatMap(([group]) => (largest.get(group.name) === group ? [] : [group.name])),
  );
  return new Map(
    [...groups].map(([group, paths]) => {
      if (!shared.has(group.name)) return [group, group.name];
      const which = largest.get(group.name) === group ? 'others' : list(group, paths);
      return [group, `${group.name} (${which})`];
    }),
  );
}

function list({ name }: FileGroup, paths: readonly string[]): string {
  const place = name.replace(/\*$/, '');
  const [first = '', ...more] = paths
    .map((path) => (place.endsWith('/') && path.startsWith(place) ? path.slice(place.length) : path))
    .sort();
  return paths.length <= MOST_LISTED ? [first, ...more].join(', ') : `${first} and ${more.length} more`;
}
