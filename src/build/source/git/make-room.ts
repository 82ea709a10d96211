// Room among what is kept of git: what was used longest ago goes first, and nothing that anybody uses now.

import { CWD, closeFd, listDirectory, openDirectory, statAt } from '../../../sys/index.ts';
import type { SourceSession } from '../session.ts';
import { removeUnheld } from './hold.ts';

/** Checkouts of one repository that are kept: a branch that moves leaves one at each build. */
const MOST_CHECKOUTS = 3;

/** Removes checkouts beyond the latest of each repository, then whole repositories until the rest is within `limit`. */
export function makeRoom(session: SourceSession, limit: number): void {
  const root = session.store.paths.git;
  const places = pathsIn(root).filter((path) => statAt(CWD, path)?.type === 'dir');
  for (const place of places) {
    const oldestFirst = checkoutsOf(place).sort((a, b) => timeOf(a) - timeOf(b));
    for (const path of oldestFirst.slice(0, -MOST_CHECKOUTS)) removeUnheld(session, path);
  }
  const measured = places
    .map((path) => ({
      path,
      bytes: sizeOf(path),
      used: Math.max(...[path, ...checkoutsOf(path)].map(timeOf)),
    }))
    .sort((a, b) => a.used - b.used);
  let total = measured.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { path, bytes } of measured) {
    if (total <= limit) return;
    if (removeUnheld(session, path)) total -= bytes;
  }
}

function checkoutsOf(place: string): string[] {
  return pathsIn(`${place}/checkouts`);
}

/** When something was last used, seconds since the epoch. */
function timeOf(path: string): number {
  return statAt(CWD, path)?.mtime ?? 0;
}

function sizeOf(path: string): number {
  const stat = statAt(CWD, path);
  if (stat?.type !== 'dir') return stat?.size ?? 0;
  return pathsIn(path).reduce((sum, child) => sum + sizeOf(child), 0);
}

function pathsIn(path: string): string[] {
  if (statAt(CWD, path)?.type !== 'dir') return [];
  const fd = openDirectory(CWD, path);
  try {
    return listDirectory(fd).map((name) => `${path}/${name}`);
  } finally {
    closeFd(fd);
  }
}
