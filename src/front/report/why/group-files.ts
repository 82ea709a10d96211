// Many files that differ, summed up by directory, so that a renamed directory is two lines and not two thousand.

import type { WhyDifference } from '../../../app/index.ts';

/** Files below one directory with which the same happened; or a single file. */
export interface FileGroup {
  readonly change: WhyDifference['change'];
  /** A directory with a slash at its end, or a file. */
  readonly path: string;
  readonly count: number;
}

/** Groups files by the directories right below the one that they all have in common; the largest groups first. */
export function groupFiles(files: readonly WhyDifference[]): readonly FileGroup[] {
  const skip = commonDirectory(files.map(({ name }) => name)).length;
  const groups = new Map<
    string,
    { change: WhyDifference['change']; path: string; count: number; only: string }
  >();
  for (const { name, change } of files) {
    const end = name.indexOf('/', skip);
    const path = end < 0 ? name : name.slice(0, end + 1);
    // A directory itself is among what is below it.
    const key = `${change} ${path.replace(/\/$/, '')}`;
    const group = groups.get(key);
    if (!group) groups.set(key, { change, path, count: 1, only: name });
    else {
      group.count++;
      if (path.endsWith('/')) group.path = path;
    }
  }
  return [...groups.values()]
    .map(({ change, path, count, only }) => ({ change, path: count === 1 ? only : path, count }))
    .sort((a, b) => b.count - a.count);
}

/** With a slash at its end; '' where there is none. */
function commonDirectory(names: readonly string[]): string {
  let common = directoryOf(names[0] ?? '');
  for (const name of names) {
    while (!name.startsWith(common)) common = directoryOf(common.slice(0, -1));
  }
  return common;
}

function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}
