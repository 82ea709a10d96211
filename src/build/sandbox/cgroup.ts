// The control groups of containers. The runtime makes and removes them; what is left of a build that was killed is
// found again by its name, which tells the process that made it.

import { CWD, ownProcessId, processNamespace, processStart, statAt, unlinkAt } from '../../sys/index.ts';
import { directoriesIn, findHierarchy } from './hierarchy.ts';

/** The group below which those of containers are made, where the caller names no other. */
const DEFAULT_PARENT = '/mille';

let counter = 0;

/** A new path for `cgroupsPath`: `<parent>/mille-<pid namespace>-<pid>-<start>-<n>`. */
export function newCgroup(parent = DEFAULT_PARENT): string {
  const owner = `${processNamespace()}-${ownProcessId()}-${processStart(ownProcessId()) ?? 0}`;
  return `${parent}/mille-${owner}-${++counter}`;
}

/** Removes an empty control group from all hierarchies. @returns false while a process is still in one of them. */
export function removeCgroup(path: string): boolean {
  return findHierarchy().roots.every((root) => removeGroup(`${root}${path}`));
}

/** Removes the control groups that builds which are no more left below a parent. */
export function removeDeadCgroups(parent = DEFAULT_PARENT): void {
  for (const root of findHierarchy().roots) {
    for (const name of directoriesIn(`${root}${parent}`)) {
      if (isDead(name)) removeGroup(`${root}${parent}/${name}`);
    }
  }
}

function isDead(name: string): boolean {
  const match = /^mille-(\d+)-(\d+)-(\d+)-\d+$/.exec(name);
  return match !== null && match[1] === processNamespace() && processStart(Number(match[2])) !== match[3];
}

function removeGroup(path: string): boolean {
  // A process of the container with CAP_SYS_ADMIN (none by default) could have made groups below its own.
  for (const child of directoriesIn(path)) removeGroup(`${path}/${child}`);
  try {
    unlinkAt(CWD, path, { directory: true });
  } catch {
    return statAt(CWD, path) === undefined;
  }
  return true;
}
