// A clone of the user's repository in which commits are laid out one after the other, as on the disk of somebody who
// follows them. The user's own work tree is not touched. Nothing of the repository is run: no hook, no filter.

import { MilleError } from '../../../core/index.ts';
import { makeDirectories, writeFileAtomically } from '../../../sys/index.ts';
import { copyRepository } from './copy-repository.ts';
import { type GitOutput, runGit } from './git-program.ts';
import { findWorkTree, headers, NAMES_ONLY, splitLog, workTreeCall } from './work-tree.ts';

/** A commit to be laid out. */
export interface ReplayCommit {
  /** In full. */
  readonly id: string;
  readonly subject: string;
  /** What it touches, from the directory that is replayed. */
  readonly paths: readonly string[];
}

/** The clone. */
export interface ReplayClone {
  /** The directory that is replayed, in the clone. */
  readonly directory: string;
  /** Commits that touch it, on the way of first parents, the oldest first. The first of them is where one starts from. */
  readonly commits: readonly ReplayCommit[];
  /** Lays a commit out in the place of the one before. */
  checkOut(id: string): Promise<void>;
}

/** What to clone. */
export interface ReplayRequest {
  /** Absolute path of a directory in a work tree. */
  readonly directory: string;
  /** Absolute path of a directory that is to be made. */
  readonly into: string;
  /** Commits besides the one to start from. */
  readonly most: number;
  /** What git keeps of it is in the context: it has to stand by itself, for `git describe` in a RUN. */
  readonly whole: boolean;
  readonly signal: AbortSignal;
}

/**
 * Clones; objects are shared with the original, by links where the clone has to stand by itself.
 * @returns why there is nothing to replay, where there is nothing
 * @throws MilleError `tool-failed`, `interrupted`
 */
export async function openReplayClone(request: ReplayRequest): Promise<ReplayClone | string> {
  const { directory, into, most, whole, signal } = request;
  const git = (args: readonly string[], cwd = directory) => runGit({ ...workTreeCall(args, cwd), signal });
  const found = await findWorkTree(git, directory);
  if (typeof found === 'string') return found;
  const log = await git([
    ...['log', '--first-parent', '-m', ...NAMES_ONLY, `--max-count=${most + 1}`],
    ...[headers('%H %s'), 'HEAD', '--', '.'],
  ]);
  if (log.status !== 0) return `git log failed: ${lastLine(log)}`;
  const commits = parseReplayLog(log.stdout).reverse();
  if (commits.length < 2) return 'there are not two commits that touch the context';
  const made = await git(['init', '--quiet', '--template=', into], '/');
  if (made.status !== 0) throw failed('git init', made);
  // Its objects are those of the original: nothing is fetched, no program of git's is asked for them.
  makeDirectories(`${into}/.git/objects/info`, 0o755);
  if (whole) copyRepository(found.commonDir, `${into}/.git`);
  else
    writeFileAtomically(`${into}/.git/objects/info/alternates`, Buffer.from(`${found.commonDir}/objects\n`));
  return {
    directory: `${into}/${found.prefix}`.replace(/\/$/, ''),
    commits,
    checkOut: async (id) => {
      const laid = await git(['checkout', '--quiet', '--force', '--detach', id], into);
      if (laid.status !== 0) throw failed('git checkout', laid);
      const cleaned = await git(['clean', '-qffdx'], into);
      if (cleaned.status !== 0) throw failed('git clean', cleaned);
    },
  };
}

/** Reads the log. Exported for its test. */
export function parseReplayLog(text: string): ReplayCommit[] {
  return splitLog(text, /^([0-9a-f]{40,64}) (.*)$/).map(({ header, paths }) => ({
    id: header[1]!,
    subject: header[2]!,
    paths,
  }));
}

function failed(what: string, output: GitOutput): MilleError {
  return new MilleError('tool-failed', `${what} failed: ${lastLine(output)}`);
}

function lastLine({ stderr }: GitOutput): string {
  return stderr.split('\n').at(-1) ?? '';
}
