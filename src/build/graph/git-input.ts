// The inputs that a git repository of ADD is: its commit, and how it is laid out. The files need not be read to know
// that nothing changed, and another name of the same commit changes nothing.

import { describeGit, type GitAddress, isCommitId } from '../../lang/address/index.ts';
import type { NamedInput } from './named-input.ts';

/** Where an address led. */
export interface FoundCommit {
  readonly commit: string;
  /** The full name of the ref, `refs/heads/main`; absent where the commit itself was asked for. */
  readonly refName?: string;
}

/** The inputs of one repository, the `index`-th source of its instruction. */
export function gitInputs(address: GitAddress, found: FoundCommit, index: number): NamedInput[] {
  const { remote, subdir, ref = '' } = address;
  const short = found.refName?.replace(/^refs\/(?:heads|tags)\//, '');
  // A commit that is written down is the value, not a part of the name: one in place of another is a change.
  const name = describeGit({ remote, subdir, ref: short ?? (isCommitId(ref) ? '' : ref) });
  const option = (key: string, value: string): NamedInput => ({
    kind: 'option',
    name: `${key} ${index}`,
    value,
  });
  return [
    { kind: 'commit', name, value: found.commit },
    ...(address.keepGitDir ? [option('keep-git-dir', 'true')] : []),
    ...(address.submodules === false ? [option('submodules', 'false')] : []),
    ...(address.mtime === 'commit' ? [option('mtime', 'commit')] : []),
  ];
}
