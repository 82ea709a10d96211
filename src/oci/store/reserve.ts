// A file of zeroes, kept so that a store on a full disk can still be tidied up: even to forget something the database
// needs room to write.

import { CWD, closeFd, freeBytes, O, openAt, statAt, unlinkAt, writeAll } from '../../sys/index.ts';
import type { StorePaths } from './layout.ts';
import { unlessFull } from './sizes.ts';

const SIZE = 1 << 20;
/** Where less than this is free, nothing is kept back. */
const LEAST_FREE = 64 * SIZE;

/** Keeps the reserve, where there is plenty of room for it. */
export function keepReserve({ root, reserve }: StorePaths): void {
  if (statAt(CWD, reserve) || freeBytes(root) < LEAST_FREE) return;
  unlessFull(() => {
    const fd = openAt(CWD, reserve, { flags: O.WRONLY | O.CREAT | O.TRUNC, mode: 0o600 });
    try {
      writeAll(fd, new Uint8Array(SIZE));
    } finally {
      closeFd(fd);
    }
  });
}

/** Gives the reserve up. @returns whether there was one */
export function spendReserve({ reserve }: StorePaths): boolean {
  if (!statAt(CWD, reserve)) return false;
  unlinkAt(CWD, reserve);
  return true;
}
