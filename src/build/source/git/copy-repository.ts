// A repository's objects and names for another one that is to stand by itself: where it goes, as into an image, what it
// borrows would not be there.

import {
  CWD,
  closeFd,
  copyContent,
  linkAt,
  makeDirectories,
  namesIn,
  O,
  openAt,
  openForReading,
  statAt,
} from '../../../sys/index.ts';

/** Names of branches and tags lie no deeper. */
const DEEPEST = 20;

/** @param from git's own directory @param into that of a repository that was just made */
export function copyRepository(from: string, into: string): void {
  copyTree(`${from}/objects`, `${into}/objects`, (name) => name !== 'info');
  copyTree(`${from}/refs`, `${into}/refs`);
  for (const name of ['packed-refs', 'shallow', 'objects/info/alternates'])
    if (statAt(CWD, `${from}/${name}`)) copyFile(`${from}/${name}`, `${into}/${name}`);
}

function copyTree(
  from: string,
  into: string,
  wanted: (name: string) => boolean = () => true,
  depth = 0,
): void {
  if (depth > DEEPEST) return;
  makeDirectories(into, 0o755);
  for (const name of namesIn(from)) {
    const [source, target] = [`${from}/${name}`, `${into}/${name}`];
    const kind = statAt(CWD, source)?.type;
    if (!wanted(name) || name.endsWith('.lock') || name.startsWith('tmp_')) continue;
    if (kind === 'dir') copyTree(source, target, undefined, depth + 1);
    else if (kind === 'file') linkOrCopy(source, target);
  }
}

/** Objects never change; names of branches are written anew under a name of their own and moved, so a link is a copy. */
function linkOrCopy(source: string, target: string): void {
  try {
    linkAt({ dirFd: CWD, name: source }, { dirFd: CWD, name: target });
  } catch {
    copyFile(source, target);
  }
}

function copyFile(source: string, target: string): void {
  const from = openForReading(CWD, source);
  try {
    const to = openAt(CWD, target, { flags: O.WRONLY | O.CREAT | O.TRUNC, mode: 0o644 });
    try {
      copyContent(from, to);
    } finally {
      closeFd(to);
    }
  } finally {
    closeFd(from);
  }
}
