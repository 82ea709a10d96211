// The files of a commit, laid out in a directory as git checkout does: attributes applied, 644 and 755, submodules in
// their places.

import { MilleError } from '../../../core/index.ts';
import { CWD, mkdirAt, statAt } from '../../../sys/index.ts';
import type { Report, SourceSession } from '../session.ts';
import { bringObject, mustRunGit, openRepository, type Repository, repairing } from './repository.ts';
import { type Submodule, submodulesOf } from './submodules.ts';

/** What to lay out. */
export interface LayOut {
  readonly repository: Repository;
  /** A commit, or an annotated tag of one. */
  readonly commit: string;
  /** Absolute; an existing, empty directory. */
  readonly into: string;
  /** A directory of the commit, clean: nothing else is laid out. '' is the whole. */
  readonly only: string;
  readonly submodules: boolean;
}

/** What one laying out shares with those of its submodules. */
export interface LayingOut {
  readonly session: SourceSession;
  /** Absolute; for files that are not part of the result. */
  readonly scratch: string;
  readonly report: Report;
  /** Submodules so far: they can name one another without end. */
  count: { submodules: number };
}

const MOST_SUBMODULES = 2000;

/** Lays out files without any `.git`. @throws MilleError of fetching a submodule */
export async function layOutFiles(laying: LayingOut, given: LayOut): Promise<void> {
  const { session, scratch } = laying;
  const { repository, commit, into, only } = given;
  const { gitDir } = repository;
  const indexFile = `${scratch}/index-${crypto.randomUUID()}`;
  await mustRunGit(session, { args: ['read-tree', commit], gitDir, indexFile });
  // The whole index is there in any case: attributes of the directories above count.
  const args = only === '' ? ['checkout-index', '-q', '-a', '-f'] : ['checkout', '-q', '-f', '--', only];
  await mustRunGit(session, { args, gitDir, indexFile, workTree: into, cwd: into });
  if (!given.submodules) return;
  for (const submodule of await submodulesOf(session, repository, commit)) {
    if (only !== '' && !submodule.path.startsWith(`${only}/`)) continue;
    await withSubmodule(laying, { submodule, parent: into }, (child) =>
      layOutFiles(laying, { ...child, only: '', submodules: true }),
    );
  }
}

/** Brings the commit of a submodule, and does some work with it. */
export async function withSubmodule(
  laying: LayingOut,
  { submodule, parent }: { readonly submodule: Submodule; readonly parent: string },
  work: (child: Pick<LayOut, 'repository' | 'commit' | 'into'>) => Promise<void>,
): Promise<void> {
  const { session, count } = laying;
  const { access, commit, path } = submodule;
  if (++count.submodules > MOST_SUBMODULES) {
    throw new MilleError('archive-limit', `there are more than ${MOST_SUBMODULES} submodules`, {
      hint: 'do they name one another? Leave them out with ?submodules=false',
    });
  }
  makeSubmoduleDirectory(parent, path);
  const report: Report = (doing) => laying.report(`submodule ${path}: ${doing}`);
  const repository = await openRepository(session, access, commit);
  try {
    await repairing(session, repository, async () => {
      await bringObject(session, repository, { wanted: { object: commit }, report });
      await work({ repository, commit, into: `${parent}/${path}` });
    });
  } finally {
    repository.release();
  }
}

/** The directory that the checkout of the parent made for a submodule; never reached through a link. */
function makeSubmoduleDirectory(parent: string, path: string): void {
  let at = parent;
  for (const part of path.split('/')) {
    at = `${at}/${part}`;
    const type = statAt(CWD, at)?.type;
    if (type === undefined) mkdirAt(CWD, at);
    else if (type !== 'dir')
      throw new MilleError(
        'archive-escape',
        `the submodule ${path} lies below something that is no directory`,
      );
  }
}
