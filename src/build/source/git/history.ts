// How often which files of a work tree change: the commits of late, with the paths they touch. The work tree is the
// user's own, and its configuration is nobody's to trust: what could start a program is switched off on the command
// line, which wins over any file.

import { MilleError } from '../../../core/index.ts';
import { runGit } from './git-program.ts';
import { findWorkTree, type Git, headers, NAMES_ONLY, splitLog, workTreeCall } from './work-tree.ts';

/** A commit that touches something. */
export interface Commit {
  /** When it was committed, seconds since the epoch. */
  readonly time: number;
  /** From the directory whose history it is. */
  readonly paths: readonly string[];
}

/** The commits of a time, the newest first; merges, and those without a parent, are left out. */
export interface History {
  readonly commits: readonly Commit[];
  /** There are more within the time than were asked for. */
  readonly cut: boolean;
  /** The clone does not have all of its history. */
  readonly shallow: boolean;
}

/** What is asked of a history. */
export interface HistoryRequest {
  /** Absolute path of a directory in a work tree. */
  readonly directory: string;
  /** Seconds since the epoch; 0: all there is. */
  readonly since: number;
  /** Commits that are looked at. */
  readonly most: number;
  readonly signal: AbortSignal;
}

/** After so long one does without: it is advice only. */
const PATIENCE_MILLISECONDS = 30_000;

/**
 * Reads the history of a directory.
 * @returns why there is none, where there is none
 * @throws MilleError `interrupted`
 */
export async function readHistory(request: HistoryRequest): Promise<History | string> {
  const patience = AbortSignal.timeout(PATIENCE_MILLISECONDS);
  const git = (args: readonly string[]) =>
    runGit({ ...workTreeCall(args, request.directory), signal: AbortSignal.any([request.signal, patience]) });
  try {
    return await readWith(git, request);
  } catch (error) {
    if (!(error instanceof MilleError) || request.signal.aborted) throw error;
    if (patience.aborted) return 'reading the history of git took too long';
    return error.message;
  }
}

async function readWith(git: Git, { directory, since, most }: HistoryRequest): Promise<History | string> {
  const found = await findWorkTree(git, directory);
  if (typeof found === 'string') return found;
  const { status, stdout, stderr } = await git([
    'log',
    '--no-merges',
    ...NAMES_ONLY,
    // Git takes small numbers for hours or days.
    ...(since > 0 ? [`--since=${since}`] : []),
    ...[`--max-count=${most}`, headers('%ct %P'), 'HEAD', '--', '.'],
  ]);
  if (status !== 0) {
    return /unknown revision|bad revision|does not have any commits/.test(stderr)
      ? 'git has no commit yet'
      : `git log failed: ${stderr.split('\n').at(-1) ?? ''}`;
  }
  const { commits, count } = parseLog(stdout);
  return { commits, cut: count >= most, shallow: found.shallow };
}

/** Reads what `log` says of names. Exported for its test. */
export function parseLog(text: string): { readonly commits: readonly Commit[]; readonly count: number } {
  const all = splitLog(text, /^(\d+) ([0-9a-f ]*)$/);
  // The first commit of all, and the last one that a shallow clone has, seem to touch everything.
  const commits = all.filter(({ header }) => header[2] !== '');
  return {
    commits: commits.map(({ header, paths }) => ({ time: Number(header[1]), paths })),
    count: all.length,
  };
}
