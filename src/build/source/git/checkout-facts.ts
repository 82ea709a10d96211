// What a work tree of the user's says of itself: its commit, where it was cloned from, where a directory is in it. Nobody
// checks any of it; what it says is a hint for people.

import { MilleError, redactUrls } from '../../../core/index.ts';
import { runGit } from './git-program.ts';
import { findWorkTree, workTreeCall } from './work-tree.ts';

/** What is known of a checkout. */
export interface CheckoutFacts {
  /** The commit that is checked out; absent where there is none yet. */
  readonly revision?: string;
  /** Where it was cloned from, without passwords; absent for one that nobody named. */
  readonly remote?: string;
  /** The directory from the top of the work tree: `.` for the top itself. */
  readonly directory: string;
}

/** After so long one does without. */
const PATIENCE_MILLISECONDS = 10_000;

/** Asks git about a directory (absolute). @returns undefined where it is in no work tree, or there is no git */
export async function readCheckout(
  directory: string,
  signal: AbortSignal,
): Promise<CheckoutFacts | undefined> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MILLISECONDS)]);
  const git = (args: readonly string[]) => runGit({ ...workTreeCall(args, directory), signal: limited });
  try {
    const found = await findWorkTree(git, directory);
    if (typeof found === 'string') return undefined;
    const head = await git(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
    const remote = await git(['config', '--get', 'remote.origin.url']);
    const revision = head.status === 0 ? head.stdout.trim() : '';
    // Without what stands in the place of a user and a password either: the address is for others.
    const url = remote.status === 0 ? redactUrls(remote.stdout.trim()).replace('://***@', '://') : '';
    return {
      ...(revision === '' ? {} : { revision }),
      ...(url === '' ? {} : { remote: url }),
      directory: found.prefix.replace(/\/$/, '') || '.',
    };
  } catch (error) {
    if (!(error instanceof MilleError) || signal.aborted) throw error;
    return undefined;
  }
}
