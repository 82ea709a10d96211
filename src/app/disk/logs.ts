// The logs of builds. Who writes one has it locked.

import {
  bytesOnDisk,
  CWD,
  closeFd,
  isErrno,
  lockFd,
  namesIn,
  O,
  openAt,
  statAt,
  unlinkAt,
} from '../../sys/index.ts';
import type { Item } from './items.ts';

/** All logs of a store. */
export function listLogs(root: string): Item[] {
  return namesIn(`${root}/logs`).flatMap((name) => {
    const path = `${root}/logs/${name}`;
    const stat = name.endsWith('.log') ? statAt(CWD, path) : undefined;
    if (!stat) return [];
    const [bytes, lastUsed] = [bytesOnDisk(stat), stat.mtime * 1000];
    const inUse = whileFree(path, () => {}) === 'busy';
    return [{ kind: 'log', id: name, title: name, lastUsed, inUse, bytes, blobs: [], diffIds: [] } as const];
  });
}

/** Removes a log by its name; false where a build writes it. */
export function removeLog(root: string, name: string): boolean {
  const path = `${root}/logs/${name}`;
  return whileFree(path, () => unlinkAt(CWD, path)) === 'done';
}

function whileFree(path: string, work: () => void): 'done' | 'busy' | 'gone' {
  let fd: number;
  try {
    fd = openAt(CWD, path, { flags: O.RDONLY | O.NOFOLLOW | O.NONBLOCK });
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ELOOP')) return 'gone';
    throw error;
  }
  try {
    if (!lockFd(fd, { exclusive: true, wait: false })) return 'busy';
    work();
    return 'done';
  } finally {
    closeFd(fd);
  }
}
