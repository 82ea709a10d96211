// The checkout of a commit: a directory of files, made aside, and for build contexts kept, so that the next build of
// the same commit finds it.

import { baseName, MilleError } from '../../../core/index.ts';
import { describeGit, type GitAddress } from '../../../lang/address/index.ts';
import {
  CWD,
  closeFd,
  isErrno,
  listDirectory,
  makeDirectories,
  mkdirAt,
  openDirectory,
  removeTree,
  renameAt,
  setTimesAt,
  sha256,
  statAt,
} from '../../../sys/index.ts';
import type { Report, SourceSession } from '../session.ts';
import { runGit } from './git-program.ts';
import { hold } from './hold.ts';
import { layOutFiles } from './lay-out.ts';
import { layOutWithGit } from './lay-out-with-git.ts';
import { bringObject, mustRunGit, type Repository, repairing } from './repository.ts';

/** A commit that was found. */
export interface FoundGit {
  readonly address: GitAddress;
  /** The commit; with `keepGitDir` it may be an annotated tag, which is then kept too. */
  readonly object: string;
  readonly refName?: string;
}

/** Files on the disk. */
export interface Checkout {
  /** Absolute: the directory that was asked for. */
  readonly directory: string;
  /** A file beside it that may be written, and goes when the checkout does. */
  readonly memoryFile: string;
  /** Whether an earlier build had left it. */
  readonly fromStore: boolean;
  /** Removes what is not kept. */
  close(): void;
}

/**
 * Makes the checkout of a commit, fetching what is not there yet.
 * @param options.keep leaves it in the store for later builds
 * @throws MilleError `ref-missing` for a directory that is not in the commit, and those of fetching
 */
export async function checkOut(
  session: SourceSession,
  repository: Repository,
  options: { readonly found: FoundGit; readonly keep: boolean; readonly report: Report },
): Promise<Checkout> {
  const { found, keep, report } = options;
  const kept = `${repository.place}/checkouts/${layoutKey(found)}`;
  const old = keep ? openKept(session, kept, found) : undefined;
  if (old) return { ...old, fromStore: true };
  const { object, refName } = found;
  const wanted = { object, ...(refName === undefined ? {} : { refName }) };
  const temporary = session.store.makeTemporary('checkout');
  try {
    await repairing(session, repository, async () => {
      await bringObject(session, repository, { wanted, report });
      removeTree(CWD, `${temporary.path}/tree`);
      await layOut(session, repository, { found, report, place: temporary.path });
    });
    checkDirectory(found, `${temporary.path}/tree`);
    if (!keep) return checkoutAt(temporary.path, found, temporary.remove);
    session.noteGrowth();
    makeDirectories(`${repository.place}/checkouts`, 0o700);
    const made = keepAs(session, { path: temporary.path, kept, found });
    if (!made) return checkoutAt(temporary.path, found, temporary.remove);
    temporary.remove();
    return made;
  } catch (error) {
    temporary.remove();
    throw error;
  }
}

/** Gives a checkout its name among those that are kept; whoever is second takes what the first one has made. */
function keepAs(
  session: SourceSession,
  { path, kept, found }: { readonly path: string; readonly kept: string; readonly found: FoundGit },
): Checkout | undefined {
  // Held before it can be found: nobody takes it for one that is not used.
  const fd = hold(path)!;
  try {
    renameAt({ dirFd: CWD, name: path }, { dirFd: CWD, name: kept });
    return checkoutAt(kept, found, () => closeFd(fd));
  } catch (error) {
    closeFd(fd);
    if (!isErrno(error, 'EEXIST', 'ENOTEMPTY')) throw error;
    return openKept(session, kept, found);
  }
}

function openKept(session: SourceSession, kept: string, found: FoundGit): Checkout | undefined {
  const fd = hold(kept);
  if (fd === undefined) return undefined;
  // When it was last used, for whoever makes room.
  setTimesAt(CWD, kept, { seconds: session.now() });
  return checkoutAt(kept, found, () => closeFd(fd));
}

/** The time of a commit, seconds since the epoch. */
export async function commitTime(
  session: SourceSession,
  repository: Repository,
  object: string,
): Promise<number> {
  const args = ['log', '-1', '--format=%ct', `${object}^{commit}`, '--'];
  const time = Number(await mustRunGit(session, { args, gitDir: repository.gitDir }));
  return Number.isSafeInteger(time) ? time : 0;
}

/** All that decides what a checkout holds. */
function layoutKey({ address, object, refName }: FoundGit): string {
  const { subdir, submodules = true, mtime = 'checkout', keepGitDir } = address;
  const withGit = keepGitDir && subdir === '';
  return sha256(JSON.stringify([object, subdir, submodules, mtime, withGit ? (refName ?? '') : null])).slice(
    7,
    39,
  );
}

function checkoutAt(place: string, found: FoundGit, close: () => void): Checkout {
  const { subdir } = found.address;
  const tree = `${place}/tree`;
  const directory = subdir === '' ? tree : `${tree}/${subdir}`;
  return { directory, memoryFile: `${place}/digests`, fromStore: false, close };
}

async function layOut(
  session: SourceSession,
  repository: Repository,
  { found, report, place }: { readonly found: FoundGit; readonly report: Report; readonly place: string },
): Promise<void> {
  const { address, object, refName } = found;
  const { subdir, submodules = true } = address;
  const into = `${place}/tree`;
  const scratch = `${place}/scratch`;
  mkdirAt(CWD, into);
  makeDirectories(scratch, 0o700);
  report('checking out');
  const laying = { session, scratch, report, count: { submodules: 0 } };
  if (address.keepGitDir && subdir === '') {
    const named = refName === undefined ? {} : { refName };
    await layOutWithGit(laying, { repository, commit: object, into, submodules, ...named });
  } else {
    const only = (await isTree(session, repository, `${object}:${subdir}`)) ? subdir : '';
    await layOutFiles(laying, { repository, commit: object, into, only, submodules });
  }
  removeTree(CWD, scratch);
  if (address.mtime === 'commit') setAllTimes(into, await commitTime(session, repository, object));
}

/** A directory of the commit itself can be laid out alone; one of a submodule is only there once all is. */
async function isTree(session: SourceSession, { gitDir }: Repository, name: string): Promise<boolean> {
  const { status, stdout } = await runGit({ args: ['cat-file', '-t', name], gitDir, signal: session.signal });
  return status === 0 && stdout.trim() === 'tree';
}

/** Children first: a directory's own time changes while they are set. */
function setAllTimes(path: string, time: number): void {
  if (statAt(CWD, path)?.type === 'dir') {
    const fd = openDirectory(CWD, path);
    try {
      for (const name of listDirectory(fd)) setAllTimes(`${path}/${name}`, time);
    } finally {
      closeFd(fd);
    }
  }
  setTimesAt(CWD, path, { seconds: time });
}

/** @throws MilleError `ref-missing` unless every part of the directory's path is a directory and no link */
function checkDirectory({ address, object }: FoundGit, tree: string): void {
  let at = tree;
  const parts = address.subdir === '' ? [] : address.subdir.split('/');
  for (const part of parts) {
    const type = statAt(CWD, `${at}/${part}`)?.type;
    if (type !== 'dir') {
      const name = describeGit({ ...address, subdir: '' });
      const what =
        type === undefined ? 'there is none' : type === 'symlink' ? 'it is a link' : 'it is a file';
      throw new MilleError(
        'ref-missing',
        `${name} has no directory ${address.subdir} at commit ${object.slice(0, 7)}: ${what}`,
        { hint: directoriesIn(at) },
      );
    }
    at = `${at}/${part}`;
  }
}

const MOST_NAMES = 8;

function directoriesIn(directory: string): string {
  const fd = openDirectory(CWD, directory);
  try {
    const names = listDirectory(fd).filter((name) => name !== '.git' && statAt(fd, name)?.type === 'dir');
    const where = baseName(directory) === 'tree' ? 'at the top' : `in ${baseName(directory)}`;
    if (names.length === 0) return `there are no directories ${where}`;
    const more = names.length > MOST_NAMES ? ', …' : '';
    return `the directories ${where} are ${names.slice(0, MOST_NAMES).join(', ')}${more}`;
  } finally {
    closeFd(fd);
  }
}
