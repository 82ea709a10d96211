// Which files of a directory git knows: what it does not know is what somebody's machine has and nobody else's.

import { MilleError } from '../../../core/index.ts';
import { runGit } from './git-program.ts';
import { findWorkTree, workTreeCall } from './work-tree.ts';

/** What is asked. */
export interface TrackedRequest {
  /** Absolute path of a directory in a work tree. */
  readonly directory: string;
  readonly signal: AbortSignal;
}

/** After so long one does without: it is advice only. */
const PATIENCE_MILLISECONDS = 30_000;

/**
 * The files that git knows, from the directory; undefined where there is no git, no work tree, or one of somebody else.
 * @throws MilleError `interrupted`
 */
export async function trackedFiles({
  directory,
  signal,
}: TrackedRequest): Promise<ReadonlySet<string> | undefined> {
  const patience = AbortSignal.timeout(PATIENCE_MILLISECONDS);
  const git = (args: readonly string[]) =>
    runGit({ ...workTreeCall(args, directory), signal: AbortSignal.any([signal, patience]) });
  try {
    if (typeof (await findWorkTree(git, directory)) === 'string') return undefined;
    const { status, stdout } = await git(['ls-files', '-z', '--', '.']);
    return status === 0 ? new Set(stdout.split('\0').filter((path) => path !== '')) : undefined;
  } catch (error) {
    if (!(error instanceof MilleError) || signal.aborted) throw error;
    return undefined;
  }
}
