// How often which files of a work tree change: the commits of late, with the paths they touch. The work tree is the
// user's own, and its configuration is nobody's to trust: what could start a program is switched off on the command
// line, which wins over any file.

import { MilleError } from '../../../core/index.ts';
import { CWD, effectiveUid, statAt } from '../../../sys/index.ts';
import { type GitCall, type GitOutput, runGit } from './git-program.ts';

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
    runGit({ ...callOf(args, request.directory), signal: AbortSignal.any([request.signal, patience]) });
  try {
    return await readWith(git, request);
  } catch (error) {
    if (!(error instanceof MilleError) || request.signal.aborted) throw error;
    if (patience.aborted) return 'reading the history of git took too long';
    return error.message;
  }
}

async function readWith(
  git: (args: readonly string[]) => Promise<GitOutput>,
  { directory, since, most }: HistoryRequest,
): Promise<History | string> {
  const asked = ['--is-inside-work-tree', '--is-shallow-repository', '--absolute-git-dir', '--show-toplevel'];
  const found = await git(['rev-parse', ...asked]);
  if (found.status !== 0) return 'the context is in no git work tree';
  const [inside, shallow, gitDir = '', top = ''] = found.stdout.split('\n');
  if (inside !== 'true') return 'the context is in no git work tree';
  const stranger = ownedByAnother([gitDir, top], directory);
  if (stranger !== undefined) return `the git repository ${stranger} belongs to another user`;
  const { status, stdout, stderr } = await git([
    'log',
    ...['--no-merges', '--no-renames', '--no-show-signature', '--no-ext-diff', '--no-textconv'],
    ...['--no-color', '--no-decorate', '--no-notes', '--no-mailmap', '--relative', '--name-only'],
    // Git takes small numbers for hours or days.
    ...(since > 0 ? [`--since=${since}`] : []),
    ...[`--max-count=${most}`, '-z', `--format=${MARK}%ct %P`, 'HEAD', '--', '.'],
  ]);
  if (status !== 0) {
    return /unknown revision|bad revision|does not have any commits/.test(stderr)
      ? 'git has no commit yet'
      : `git log failed: ${stderr.split('\n').at(-1) ?? ''}`;
  }
  const { commits, count } = parseLog(stdout);
  return { commits, cut: count >= most, shallow: shallow === 'true' };
}

/**
 * A repository found in a directory further up may have been put there by anybody, as in /tmp. As with git itself it
 * counts where it is one's own, or that of whose context it is.
 */
export function ownedByAnother(paths: readonly string[], directory: string): string | undefined {
  const own = new Set([0, effectiveUid(), statAt(CWD, directory)?.uid]);
  return paths.find((path) => !own.has(statAt(CWD, path)?.uid));
}

const MARK = '\x01';

/** Reads what `log -z --name-only` says: headers and names, each ended by a NUL. Exported for its test. */
export function parseLog(text: string): { readonly commits: readonly Commit[]; readonly count: number } {
  const commits: Commit[] = [];
  let paths: string[] = [];
  let count = 0;
  for (const part of text.split('\0')) {
    const line = part.replace(/^\n/, '');
    const header = /^\x01(\d+) ([0-9a-f ]*)$/.exec(line);
    if (!header) {
      if (line !== '') paths.push(line);
      continue;
    }
    count++;
    paths = [];
    // The first commit of all, and the last one that a shallow clone has, seem to touch everything.
    if (header[2] !== '') commits.push({ time: Number(header[1]), paths });
  }
  return { commits, count };
}

/** Settings of a repository that would have git start a program, or do what is not asked for. */
const HARMLESS = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.pager=cat',
  'log.showSignature=false',
  'gpg.program=false',
  'diff.external=',
  'protocol.allow=never',
].flatMap((setting) => ['-c', setting]);

/** A call of git in a work tree of the user's: nothing of its configuration starts a program. */
export function callOf(args: readonly string[], cwd: string): Omit<GitCall, 'signal'> {
  return {
    args: ['--no-pager', '--no-optional-locks', ...HARMLESS, ...args],
    cwd,
    local: true,
    // A clone without all of its objects is not completed.
    env: { GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: '' },
  };
}
