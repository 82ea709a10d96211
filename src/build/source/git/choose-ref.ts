// Which ref of a remote a name means, from what git ls-remote says. Pure.

import { isCommitId, isRefName } from '../../../lang/address/index.ts';

/** What a remote has under a name. */
export interface ChosenRef {
  /** The full name: `refs/heads/main`. */
  readonly name: string;
  /** The object that it points to: a commit, or an annotated tag. */
  readonly object: string;
  /** The commit, the tag peeled. */
  readonly commit: string;
}

/** The arguments of git ls-remote that bring what `chooseRef` wants to see. */
export function patternsFor(ref: string | undefined): string[] {
  return ref === undefined ? ['HEAD'] : [ref, `${ref}^{}`];
}

/**
 * Finds a name among the lines of `git ls-remote --symref`: a full name, then a branch, then a tag of it, as BuildKit
 * and git-checkout(1) do. Without a name it is what HEAD points to.
 * @returns undefined where the remote has nothing of that name
 */
export function chooseRef(output: string, ref: string | undefined): ChosenRef | undefined {
  const objects = new Map<string, string>();
  let head: string | undefined;
  for (const line of output.split('\n')) {
    const [first = '', name = ''] = line.split('\t');
    const symbolic = /^ref: (refs\/.+)$/.exec(first)?.[1];
    // The server is not believed: a name becomes an argument of git.
    if (symbolic !== undefined && name === 'HEAD' && isRefName(symbolic)) head = symbolic;
    else if (isCommitId(first)) objects.set(name, first);
  }
  if (ref === undefined || ref === 'HEAD') {
    const object = objects.get('HEAD');
    return object === undefined ? undefined : { name: head ?? 'HEAD', object, commit: object };
  }
  const short = (prefix: string) => (ref.startsWith(prefix) ? ref.slice(prefix.length) : ref);
  const names = [
    `refs/${short('refs/')}`,
    `refs/heads/${short('refs/heads/')}`,
    `refs/tags/${short('refs/tags/')}`,
  ];
  const name = names.find((candidate) => objects.has(candidate));
  if (name === undefined) return undefined;
  const object = objects.get(name)!;
  return { name, object, commit: objects.get(`${name}^{}`) ?? object };
}
