// A git repository kept in the store, bare, one a remote. It is fetched into while locked, by one process at a time,
// and read by any number; whoever uses it holds it, so that it is not removed meanwhile. It can be made anew at any
// time: what is damaged is thrown away.

import { MilleError } from '../../../core/index.ts';
import { describeGit, isCommitId } from '../../../lang/address/index.ts';
import {
  CWD,
  closeFd,
  listDirectory,
  lockFd,
  makeDirectories,
  O,
  openAt,
  openDirectory,
  removeTree,
  renameAt,
  setTimesAt,
  sha256,
  sleep,
  statAt,
  unlinkAt,
} from '../../../sys/index.ts';
import type { Report, SourceSession } from '../session.ts';
import { gitError } from './git-failure.ts';
import { type GitCall, type GitOutput, runGit } from './git-program.ts';
import { hold } from './hold.ts';
import { mustRunRemote, type RemoteAccess, runRemote } from './remote-access.ts';

/** A repository of the store, held. */
export interface Repository {
  readonly access: RemoteAccess;
  /** Absolute: the place of everything that is kept of this remote. */
  readonly place: string;
  readonly gitDir: string;
  /** The kind of hash its objects are named by. */
  readonly format: 'sha1' | 'sha256';
  /** Lets go of it. */
  release(): void;
}

/** What is to be there. */
export interface Wanted {
  /** A commit or an annotated tag. */
  readonly object: string;
  /** The ref that points to it; absent where only the id is known. */
  readonly refName?: string;
}

/**
 * Opens the repository of a remote, making an empty one where there is none.
 * @param id an object id of it, by whose length its kind of hash is known
 */
export async function openRepository(
  session: SourceSession,
  access: RemoteAccess,
  id: string,
): Promise<Repository> {
  const format = id.length === 64 ? 'sha256' : 'sha1';
  const name = sha256(`${format} ${access.address.remote}`).slice(7, 39);
  const place = `${session.store.paths.git}/${name}`;
  const fd = hold(place, () => makeDirectories(place, 0o700))!;
  // When it was last used, for whoever makes room.
  setTimesAt(CWD, place, { seconds: session.now() });
  const gitDir = `${place}/repository`;
  const repository: Repository = { access, place, gitDir, format, release: () => closeFd(fd) };
  try {
    if (!statAt(CWD, gitDir)) await makeRepository(session, repository);
  } catch (error) {
    closeFd(fd);
    throw error;
  }
  return repository;
}

async function makeRepository(session: SourceSession, { gitDir, format }: Repository): Promise<void> {
  const temporary = session.store.makeTemporary('git');
  try {
    const made = `${temporary.path}/repository`;
    const args = ['init', '-q', '--bare', '--template=', `--object-format=${format}`, made];
    await mustRunGit(session, { args });
    // What is copied out of it (`--keep-git-dir`) is then the same each time.
    await mustRunGit(session, { args: ['config', 'pack.threads', '1'], gitDir: made });
    if (!statAt(CWD, gitDir)) renameAt({ dirFd: CWD, name: made }, { dirFd: CWD, name: gitDir });
  } catch (error) {
    // Another process made it at the same moment.
    if (!statAt(CWD, gitDir)) throw error;
  } finally {
    temporary.remove();
  }
}

/** Runs git on this machine's own files; it must succeed. @returns standard output */
export async function mustRunGit(session: SourceSession, call: Omit<GitCall, 'signal'>): Promise<string> {
  const { status, stdout, stderr } = await runGit({ ...call, signal: session.signal });
  if (status === 0) return stdout;
  throw new MilleError('tool-failed', `git ${call.args[0]} failed\n${stderr.slice(-1000)}`, {
    hint: 'if it goes on, remove the directory git of the store: it is made again',
  });
}

/** Whether a repository has the commit (or tag) of an id. */
async function hasObject(session: SourceSession, { gitDir }: Repository, object: string): Promise<boolean> {
  const { status } = await runGit({
    args: ['cat-file', '-e', `${object}^{commit}`],
    gitDir,
    signal: session.signal,
  });
  return status === 0;
}

/**
 * Sees to it that a repository has an object, asking the remote only where it has not.
 * @throws MilleError `ref-missing` where the remote does not have it either, `network`, `disk-full`
 */
export async function bringObject(
  session: SourceSession,
  repository: Repository,
  { wanted, report }: { readonly wanted: Wanted; readonly report: Report },
): Promise<void> {
  if (!isCommitId(wanted.object)) throw new Error(`not an object id: ${wanted.object}`);
  if (await hasObject(session, repository, wanted.object)) return;
  const lock = await lockForFetching(session, repository, report);
  try {
    // Another process may have brought it while this one waited.
    if (await hasObject(session, repository, wanted.object)) return;
    removeLeftovers(repository);
    session.noteGrowth();
    await repairing(session, repository, () => fetchObject({ session, repository, report }, wanted));
  } finally {
    closeFd(lock);
  }
}

const POLL_MILLISECONDS = 50;

async function lockForFetching(
  session: SourceSession,
  { place }: Repository,
  report: Report,
): Promise<number> {
  const fd = openAt(CWD, `${place}/fetch.lock`, { flags: O.RDWR | O.CREAT, mode: 0o600 });
  let waiting = false;
  // Not a waiting flock: it would stop this whole process, and the holder may be another step of it.
  while (!lockFd(fd, { exclusive: true, wait: false })) {
    if (!waiting) report('waiting for another fetch of the same repository');
    waiting = true;
    if (session.signal.aborted) {
      closeFd(fd);
      throw new MilleError('interrupted', 'the build was interrupted');
    }
    await sleep(POLL_MILLISECONDS);
  }
  return fd;
}

/** What a fetch that was killed left: its locks would stop the next one, its half-received packs only take space. */
function removeLeftovers({ gitDir }: Repository): void {
  const leftovers = [
    ['', /\.lock$/],
    ['refs/mille', /\.lock$/],
    ['objects/pack', /^(?:tmp_|\.tmp-)/],
  ] as const;
  for (const [directory, pattern] of leftovers) {
    const path = `${gitDir}/${directory}`;
    if (!statAt(CWD, path)) continue;
    const fd = openDirectory(CWD, path.replace(/\/$/, ''));
    try {
      for (const name of listDirectory(fd)) if (pattern.test(name)) unlinkAt(fd, name);
    } finally {
      closeFd(fd);
    }
  }
}

interface Fetching {
  readonly session: SourceSession;
  readonly repository: Repository;
  readonly report: Report;
}

async function fetchObject(fetching: Fetching, wanted: Wanted): Promise<void> {
  const { session, repository } = fetching;
  const there = () => hasObject(session, repository, wanted.object);
  // The ref first: not every server gives what is asked for by its id.
  if (wanted.refName !== undefined) {
    const target = `refs/mille/${sha256(wanted.refName).slice(7, 23)}`;
    await fetchRefs(fetching, [`+${wanted.refName}:${target}`]);
    if (await there()) return;
  }
  const target = `refs/mille/${wanted.object}`;
  const output = await tryFetch(fetching, [`+${wanted.object}:${target}`], ['--depth=1']);
  if (output.status === 0 && (await there())) return;
  if (output.status !== 0 && !REFUSED.test(output.stderr)) throw failure(repository, output);
  await fetchEverything(fetching);
  if (!(await there())) throw notThere(repository, wanted);
  // Whatever moves on the other side, what was asked for by its id stays here.
  await mustRunGit(session, { args: ['update-ref', target, wanted.object], gitDir: repository.gitDir });
}

/** A server that gives nothing but what its refs point to, or no shallow history. */
const REFUSED =
  /not our ref|unadvertised object|find remote ref|--depth|shallow|not valid: is this a git repository/i;

/** A depth of one is all that is needed; where the server cannot do it, the whole. */
async function fetchRefs(fetching: Fetching, refspecs: readonly string[]): Promise<void> {
  const output = await tryFetch(fetching, refspecs, ['--depth=1']);
  if (output.status === 0) return;
  // The ref may be gone since it was listed: what it pointed to is looked for by its id next.
  if (/couldn't find remote ref/.test(output.stderr)) return;
  if (!/--depth|shallow/.test(output.stderr)) throw failure(fetching.repository, output);
  const whole = await tryFetch(fetching, refspecs, []);
  if (whole.status !== 0) throw failure(fetching.repository, whole);
}

async function fetchEverything(fetching: Fetching): Promise<void> {
  const { session, repository } = fetching;
  fetching.report('fetching the whole history');
  const isShallow = statAt(CWD, `${repository.gitDir}/shallow`) !== undefined;
  await mustRunRemote(session, repository.access, {
    gitDir: repository.gitDir,
    args: (remote) => [
      ...fetchArguments(['--prune', ...(isShallow ? ['--unshallow'] : [])]),
      remote,
      '+refs/heads/*:refs/mille/all/heads/*',
      '+refs/tags/*:refs/mille/all/tags/*',
    ],
    onLine: progressOf(fetching.report),
  });
}

function tryFetch(
  { session, repository, report }: Fetching,
  refspecs: readonly string[],
  flags: readonly string[],
): Promise<GitOutput & { readonly authorized: boolean }> {
  return runRemote(session, repository.access, {
    gitDir: repository.gitDir,
    args: (remote) => [...fetchArguments(flags), remote, ...refspecs],
    onLine: progressOf(report),
  });
}

function fetchArguments(flags: readonly string[]): string[] {
  return [
    // One file a fetch, however small: a repository of loose objects is slow to measure and to remove.
    ...['-c', 'fetch.unpackLimit=1', 'fetch'],
    ...['--no-write-fetch-head', '--no-tags', '--force', '--progress', ...flags, '--'],
  ];
}

/** Git's own progress: `Receiving objects:  45% (450/1000), 1.20 MiB`. */
function progressOf(report: Report): (line: string) => void {
  let shown = '';
  return (line) => {
    const doing = /^(?:remote: )?(Counting|Compressing|Receiving|Resolving) (?:objects|deltas):/.exec(
      line,
    )?.[1];
    if (doing === undefined || doing === shown) return;
    shown = doing;
    report(`${doing.toLowerCase()} ${doing === 'Resolving' ? 'deltas' : 'objects'}`);
  };
}

function failure({ access }: Repository, output: GitOutput & { readonly authorized: boolean }): MilleError {
  return gitError({ address: access.address, stderr: output.stderr, authorized: output.authorized });
}

function notThere({ access }: Repository, { object, refName }: Wanted): MilleError {
  const name = describeGit({ ...access.address, ref: '', subdir: '' });
  if (refName !== undefined) {
    return new MilleError('network', `${refName} of ${name} moved while it was being fetched`, {
      hint: 'run the build again',
    });
  }
  return new MilleError(
    'ref-missing',
    `${name} has no commit ${object}, or no branch or tag that leads to it`,
    {
      hint: 'was it pushed? A commit that no branch holds any more can be removed by the server',
    },
  );
}

/** What git says of a repository that a power cut left incomplete, or that somebody has touched. */
const DAMAGED =
  /not a git repository|corrupt|bad object|is empty|bad config|bad tree object|missing (?:blob|tree|commit)|unable to read/i;

/** Does some work with a repository; where that is found to be damaged, once more with a fresh one. */
export async function repairing<T>(
  session: SourceSession,
  repository: Repository,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof MilleError) || !DAMAGED.test(error.message)) throw error;
    removeTree(CWD, repository.gitDir);
    await makeRepository(session, repository);
    return await work();
  }
}
