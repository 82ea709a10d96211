// Root and less than root. Without being root, the whole program runs again inside a user namespace in which it
// is root and owns the user's subordinate ids, so that owners read and written are right and mounts are allowed.

import { readFileSync } from 'node:fs';
import { decodePath, MilleError } from '../core/index.ts';
import { findProgram, replaceProcess, searchPath } from './process.ts';

/** `root`: of the machine; `rootless`: of a user namespace, or nobody yet. */
export type Privilege = 'root' | 'rootless';

/** What this process may do: only the first user namespace maps every id to itself. */
export function privilege(): Privilege {
  const everyId = /^\s*0\s+0\s+4294967295\s*$/.test(readText('/proc/self/uid_map'));
  return process.geteuid?.() === 0 && everyId ? 'root' : 'rootless';
}

const MARK = 'MILLE_IN_NAMESPACE';
const MAPPING = ['--user', '--map-root-user', '--map-auto'];

/**
 * Makes this process root: of a user namespace, where it is not root already. Replaces the process by itself with
 * the same arguments, environment and id, so it comes before any other work and may not return.
 * @throws MilleError `no-namespaces`, which says what is missing on this machine.
 */
export function enterNamespaceIfNeeded(): void {
  if (process.geteuid?.() === 0) return;
  const unshare = findProgram('unshare');
  const obstacles = findObstacles(namespaceFacts(unshare));
  // The machine may allow what looks forbidden (ids from a directory service, a profile for this program).
  const works = process.env[MARK] === undefined && (obstacles.length === 0 || trial(unshare));
  if (works && unshare) {
    const command = readText('/proc/self/cmdline').split('\0').slice(1, -1);
    replaceProcess([unshare, ...MAPPING, '--', process.execPath, ...command], {
      ...process.env,
      // By this, unshare finds newuidmap where we found it.
      PATH: searchPath(),
      [MARK]: '1',
    });
  }
  const first = obstacles[0] ?? {
    message: 'a user namespace was made, but without root in it',
    hint: 'run mille as root',
  };
  throw new MilleError('no-namespaces', `not root, and no user namespace can be used: ${first.message}`, {
    hint: first.hint,
  });
}

function trial(unshare: string | undefined): boolean {
  return unshare !== undefined && Bun.spawnSync([unshare, ...MAPPING, 'true'], { stderr: 'ignore' }).success;
}

/** What decides whether user namespaces work, as read from this machine. */
export interface NamespaceFacts {
  readonly user: string;
  readonly uid: number;
  /** Whether `unshare` is there and knows how to use subordinate ids (util-linux 2.38). */
  readonly unshare: 'missing' | 'old' | 'good';
  readonly mapPrograms: boolean;
  readonly subuid: string;
  readonly subgid: string;
  /** Content of the files below /proc/sys, '' where they do not exist. */
  readonly maxNamespaces: string;
  readonly unprivilegedClone: string;
  readonly appArmor: string;
  /** Content of /proc/self/status. */
  readonly status: string;
}

function namespaceFacts(unshare: string | undefined): NamespaceFacts {
  const uid = process.geteuid?.() ?? 0;
  return {
    user: userName(uid) ?? String(uid),
    uid,
    unshare: unshare === undefined ? 'missing' : readText(unshare).includes('map-auto') ? 'good' : 'old',
    mapPrograms: findProgram('newuidmap') !== undefined && findProgram('newgidmap') !== undefined,
    subuid: readText('/etc/subuid'),
    subgid: readText('/etc/subgid'),
    maxNamespaces: readText('/proc/sys/user/max_user_namespaces').trim(),
    unprivilegedClone: readText('/proc/sys/kernel/unprivileged_userns_clone').trim(),
    appArmor: readText('/proc/sys/kernel/apparmor_restrict_unprivileged_userns').trim(),
    status: readText('/proc/self/status'),
  };
}

/** What stands in the way of user namespaces, and what to do about it; the surest first. */
export function findObstacles(facts: NamespaceFacts): { readonly message: string; readonly hint: string }[] {
  const { user, uid } = facts;
  const owns = (table: string) =>
    table.split('\n').some((line) => line.startsWith(`${user}:`) || line.startsWith(`${uid}:`));
  const found: [boolean, string, string][] = [
    [facts.unshare === 'missing', 'the program unshare is not installed', 'apt install util-linux'],
    [
      !facts.mapPrograms,
      'newuidmap and newgidmap are not installed',
      'apt install uidmap (shadow-utils on Fedora), or run mille as root',
    ],
    [
      !owns(facts.subuid) || !owns(facts.subgid),
      `the user ${user} has no subordinate ids in /etc/subuid and /etc/subgid`,
      `as root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${user}`,
    ],
    [
      facts.unprivilegedClone === '0',
      'the kernel setting kernel.unprivileged_userns_clone is 0',
      'as root: sysctl -w kernel.unprivileged_userns_clone=1',
    ],
    [
      facts.maxNamespaces === '0',
      'the kernel setting user.max_user_namespaces is 0',
      'as root: sysctl -w user.max_user_namespaces=15000',
    ],
    [
      facts.appArmor === '1',
      'AppArmor restricts them (kernel.apparmor_restrict_unprivileged_userns is 1)',
      'as root: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, or allow userns in an AppArmor profile',
    ],
    [
      /^NoNewPrivs:\s*1/m.test(facts.status),
      'this process may gain no privileges (no_new_privs), so newuidmap cannot work',
      'start mille outside of whatever set that, or run it as root',
    ],
    [
      facts.unshare === 'old',
      'the program unshare is too old to use subordinate ids',
      'util-linux 2.38 or newer is needed; or run mille as root',
    ],
    [
      /^Seccomp:\s*2/m.test(facts.status),
      'a seccomp filter forbids it, as in most containers',
      'give the outer container --security-opt seccomp=unconfined --security-opt systempaths=unconfined',
    ],
  ];
  return found.flatMap(([stands, message, hint]) => (stands ? [{ message, hint }] : []));
}

/** As newuidmap finds it. Not `os.userInfo()`, which goes by variables of the environment. */
function userName(uid: number): string | undefined {
  const fields = readText('/etc/passwd')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([, , id]) => id === String(uid));
  return fields?.[0] ?? process.env.USER;
}

function readText(path: string): string {
  try {
    return decodePath(readFileSync(path));
  } catch {
    return '';
  }
}
