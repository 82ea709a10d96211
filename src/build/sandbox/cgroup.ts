// The control groups of containers, as root. The runtime makes and removes them; what is left of a build that was
// killed is found again by its name, which tells the process that made it.

import {
  CWD,
  closeFd,
  listDirectory,
  openDirectory,
  ownProcessId,
  processNamespace,
  processStart,
  statAt,
  unlinkAt,
} from '../../sys/index.ts';

const MOUNT = '/sys/fs/cgroup';
const PARENT = 'mille';

let counter = 0;

/** A new path for `cgroupsPath`: `/mille/<pid namespace>-<pid>-<start>-<n>`. */
export function newCgroup(): string {
  const owner = `${processNamespace()}-${ownProcessId()}-${processStart(ownProcessId()) ?? 0}`;
  return `/${PARENT}/${owner}-${++counter}`;
}

/** Removes an empty control group from all hierarchies. @returns false while a process is still in one of them. */
export function removeCgroup(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return parents().every((parent) => removeGroup(`${parent}/${name}`));
}

/** Removes the control groups of builds that are no more. */
export function removeDeadCgroups(): void {
  for (const parent of parents()) {
    for (const name of namesIn(parent)) {
      if (isDead(name)) removeGroup(`${parent}/${name}`);
    }
  }
}

function isDead(name: string): boolean {
  const match = /^(\d+)-(\d+)-(\d+)-\d+$/.exec(name);
  return match !== null && match[1] === processNamespace() && processStart(Number(match[2])) !== match[3];
}

/** Our directory in each hierarchy: one with cgroup v2, one a controller with v1. */
function parents(): string[] {
  const roots = [MOUNT, ...namesIn(MOUNT).map((name) => `${MOUNT}/${name}`)];
  return roots.map((root) => `${root}/${PARENT}`).filter((parent) => statAt(CWD, parent)?.type === 'dir');
}

function namesIn(directory: string): string[] {
  let fd: number;
  try {
    fd = openDirectory(CWD, directory);
  } catch {
    return [];
  }
  try {
    return listDirectory(fd).filter((name) => statAt(fd, name)?.type === 'dir');
  } finally {
    closeFd(fd);
  }
}

function removeGroup(path: string): boolean {
  // A process of the container with CAP_SYS_ADMIN (none by default) could have made groups below its own.
  for (const child of namesIn(path)) removeGroup(`${path}/${child}`);
  try {
    unlinkAt(CWD, path, { directory: true });
  } catch {
    return statAt(CWD, path) === undefined;
  }
  return true;
}
