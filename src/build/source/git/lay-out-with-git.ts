// The files of a commit with a `.git` of their own (`--keep-git-dir`): a shallow repository of that one commit, as
// BuildKit makes it, without hooks, and the same each time it is made.

import { redactUrls } from '../../../core/index.ts';
import { CWD, removeTree, statAt } from '../../../sys/index.ts';
import { type LayingOut, type LayOut, withSubmodule } from './lay-out.ts';
import { mustRunGit } from './repository.ts';
import { type Submodule, submodulesOf } from './submodules.ts';

/** What to lay out, and the name under which the copy is to know it. */
export interface LayOutWithGit extends Omit<LayOut, 'only'> {
  /** Absent where only the commit's id is known: its HEAD is all that the copy has. */
  readonly refName?: string;
}

/** Lays out files and `.git`, submodules' too. @throws MilleError of fetching a submodule */
export async function layOutWithGit(laying: LayingOut, given: LayOutWithGit): Promise<void> {
  const submodules = await layOutOne(laying, given);
  if (submodules.length === 0) return;
  // Their repositories go below ours, where git looks for them.
  const own = { gitDir: `${given.into}/.git`, workTree: given.into, cwd: given.into, local: true };
  await mustRunGit(laying.session, { ...own, args: ['submodule', '--quiet', 'absorbgitdirs'] });
}

async function layOutOne(laying: LayingOut, given: LayOutWithGit): Promise<Submodule[]> {
  const { session } = laying;
  const { repository, commit, into } = given;
  await copyCommit(laying, given);
  const submodules = given.submodules ? await submodulesOf(session, repository, commit) : [];
  for (const submodule of submodules) {
    await withSubmodule(laying, { submodule, parent: into }, async (child) => {
      await layOutOne(laying, { ...child, submodules: true });
    });
    const { name, access } = submodule;
    for (const [key, value] of [
      ['active', 'true'],
      ['url', access.address.remote],
    ] as const) {
      const args = ['config', `submodule.${name}.${key}`, redactUrls(value)];
      await mustRunGit(session, { args, gitDir: `${into}/.git` });
    }
  }
  return submodules;
}

async function copyCommit({ session }: LayingOut, given: LayOutWithGit): Promise<void> {
  const { repository, commit, into, refName } = given;
  const gitDir = `${into}/.git`;
  const own = { gitDir, workTree: into, cwd: into };
  const format = `--object-format=${repository.format}`;
  await mustRunGit(session, { args: ['init', '-q', '--template=', format, into], cwd: into });
  // A name that no other process moves meanwhile.
  const passage = `refs/mille/out-${crypto.randomUUID()}`;
  await mustRunGit(session, { args: ['update-ref', passage, commit], gitDir: repository.gitDir });
  try {
    const target = refName?.startsWith('refs/') ? `:${refName}` : '';
    const args = [
      'fetch',
      '-q',
      '-u',
      '--no-tags',
      '--depth=1',
      '--',
      repository.gitDir,
      `${passage}${target}`,
    ];
    await mustRunGit(session, { ...own, args, local: true });
  } finally {
    await mustRunGit(session, { args: ['update-ref', '-d', passage], gitDir: repository.gitDir });
  }
  const remote = redactUrls(repository.access.address.remote);
  for (const args of [
    ['checkout', '-q', '--detach', commit],
    ['remote', 'add', 'origin', remote],
    ['reflog', 'expire', '--all', '--expire=now'],
    // The index says when and where each file was made here: it is to say nothing of it.
    ['read-tree', 'HEAD'],
  ])
    await mustRunGit(session, { ...own, args });
  for (const name of ['FETCH_HEAD', 'ORIG_HEAD'])
    if (statAt(CWD, `${gitDir}/${name}`)) removeTree(CWD, `${gitDir}/${name}`);
}
