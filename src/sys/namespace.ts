// Root and less than root. Without being root, the whole program runs again inside a user namespace in which it
// is root and owns the user's subordinate ids, so that owners read and written are right and mounts are allowed.

import { readFileSync } from 'node:fs';

/** `root`: of the machine; `rootless`: of a user namespace, or nobody yet. */
export type Privilege = 'root' | 'rootless';

/** What this process may do: only the first user namespace maps every id to itself. */
export function privilege(): Privilege {
  return process.geteuid?.() === 0 && /^\s*0\s+0\s+4294967295\s*$/.test(uidMap()) ? 'root' : 'rootless';
}

function uidMap(): string {
  try {
    return readFileSync('/proc/self/uid_map', 'latin1');
  } catch {
    return '';
  }
}
