// The control groups of this machine: one hierarchy with all controllers (version 2), or one for each (version 1); and
// the place in it where a user who is not root may make groups.

import { CWD, closeFd, listDirectory, openDirectory, statAt } from '../../sys/index.ts';
import { hostFile } from './host-file.ts';

const MOUNT = '/sys/fs/cgroup';

/** What a machine has. */
export interface Hierarchy {
  readonly version: 1 | 2;
  /** Absolute paths of the directories that are the group `/`. */
  readonly roots: readonly string[];
  /** `memory`, `cpu`, … */
  readonly controllers: ReadonlySet<string>;
}

/** The hierarchy mounted at a directory; without roots where there is none. */
export function findHierarchy(mount = MOUNT): Hierarchy {
  if (statAt(CWD, `${mount}/cgroup.controllers`)) {
    const controllers = hostFile(`${mount}/cgroup.controllers`).split(/\s+/).filter(Boolean);
    return { version: 2, roots: [mount], controllers: new Set(controllers) };
  }
  const names = directoriesIn(mount).filter((name) => statAt(CWD, `${mount}/${name}/cgroup.procs`));
  return {
    version: 1,
    roots: names.map((name) => `${mount}/${name}`),
    // Two that are mounted together share a directory: `cpu,cpuacct`.
    controllers: new Set(names.flatMap((name) => name.split(','))),
  };
}

/**
 * The controllers that root cannot give to groups below the root of this hierarchy: inside of a container that is a
 * group with processes in it, and the kernel wants either processes or groups with controllers.
 */
export function closedControllers(
  { version, roots }: Hierarchy,
  controllers: readonly string[],
): readonly string[] {
  const [root] = roots;
  // The first group of a machine has no type, and no such rule.
  if (version !== 2 || root === undefined || !statAt(CWD, `${root}/cgroup.type`)) return [];
  if (hostFile(`${root}/cgroup.procs`).trim() === '') return [];
  const enabled = hostFile(`${root}/cgroup.subtree_control`).split(/\s+/);
  return controllers.filter((name) => !enabled.includes(name));
}

/** The names of the directories in a directory; none where there is no such directory. */
export function directoriesIn(directory: string): string[] {
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

/**
 * The group beside our own, as systemd delegates it to users and to services with `Delegate=yes`: below it we may make
 * groups with all these controllers, and move processes of ours. Undefined where there is none.
 * @param own the text of /proc/self/cgroup
 */
export function delegatedGroup(
  { version, roots }: Hierarchy,
  own: string,
  controllers: readonly string[],
): string | undefined {
  const path = /^0::(\/.*)$/m.exec(own)?.[1];
  const [root] = roots;
  if (version !== 2 || path === undefined || root === undefined) return undefined;
  const parent = path.slice(0, path.lastIndexOf('/'));
  const directory = root + parent;
  // As root of a user namespace we are seen as the owner of what is the user's, and of nothing else.
  const ours = [directory, `${directory}/cgroup.procs`].every((file) => statAt(CWD, file)?.uid === 0);
  const there = hostFile(`${directory}/cgroup.controllers`).split(/\s+/);
  return ours && controllers.every((name) => there.includes(name)) ? parent : undefined;
}
