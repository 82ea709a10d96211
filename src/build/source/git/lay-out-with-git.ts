// The files of a commit with a `.git` of their own (`--keep-git-dir`): a shallow repository of that one commit, as
// BuildKit makes it, without hooks, and the same each time it is made. Those of submodules lie below
// `.git/modules`, where git has them. `git submodule` is not used: it would fetch by itself.

import { redactUrls } from '../../../core/index.ts';
import {
  CWD,
  makeDirectories,
  mkdirAt,
  removeTree,
  statAt,
  writeFileAtomically,
} from '../../../sys/index.ts';
import { type LayingOut, type LayOut, withSubmodule } from './lay-out.ts';
import { mustRunGit } from './repository.ts';
import { submodulesOf } from './submodules.ts';

/** What to lay out, and the name under which the copy is to know it. */
export interface LayOutWithGit extends Omit<LayOut, 'only'> {
  /** Absent where only the commit's id is known: its HEAD is all that the copy has. */
  readonly refName?: string;
}

/** Lays out files and `.git`, submodules' too. @throws MilleError of fetching a submodule */
export async function layOutWithGit(laying: LayingOut, given: LayOutWithGit): Promise<void> {
  const gitDir = `${given.into}/.git`;
  mkdirAt(CWD, gitDir);
  await layOutAt(laying, given, gitDir);
}

/** @param gitDir absolute; an existing, empty directory */
async function layOutAt(laying: LayingOut, given: LayOutWithGit, gitDir: string): Promise<void> {
  const { session } = laying;
  const { repository, commit, into } = given;
  await copyCommit(laying, given, gitDir);
  const submodules = given.submodules ? await submodulesOf(session, repository, commit) : [];
  for (const submodule of submodules) {
    const { name, access } = submodule;
    await withSubmodule(laying, { submodule, parent: into }, async (child) => {
      const own = `${gitDir}/modules/${name}`;
      makeDirectories(own);
      writeFileAtomically(`${child.into}/.git`, `gitdir: ${relativePath(child.into, own)}\n`);
      await layOutAt(laying, { ...child, submodules: true }, own);
    });
    const url = redactUrls(access.address.remote);
    await configure(laying, gitDir, {
      [`submodule.${name}.active`]: 'true',
      [`submodule.${name}.url`]: url,
    });
  }
}

async function copyCommit(
  { session, ...laying }: LayingOut,
  given: LayOutWithGit,
  gitDir: string,
): Promise<void> {
  const { repository, commit, into, refName } = given;
  const own = { gitDir, workTree: into, cwd: into };
  const format = `--object-format=${repository.format}`;
  await mustRunGit(session, { ...own, args: ['init', '-q', '--template=', format] });
  const elsewhere = gitDir !== `${into}/.git`;
  await configure({ session, ...laying }, gitDir, {
    'remote.origin.url': redactUrls(repository.access.address.remote),
    'remote.origin.fetch': '+refs/heads/*:refs/remotes/origin/*',
    ...(elsewhere ? { 'core.worktree': relativePath(gitDir, into) } : {}),
  });
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
  for (const args of [
    ['checkout', '-q', '--detach', commit],
    ['reflog', 'expire', '--all', '--expire=now'],
    // The index says when and where each file was made here: it is to say nothing of it.
    ['read-tree', 'HEAD'],
  ])
    await mustRunGit(session, { ...own, args });
  for (const name of ['FETCH_HEAD', 'ORIG_HEAD'])
    if (statAt(CWD, `${gitDir}/${name}`)) removeTree(CWD, `${gitDir}/${name}`);
}

async function configure(
  { session }: LayingOut,
  gitDir: string,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [key, value] of Object.entries(settings))
    await mustRunGit(session, { args: ['config', '--', key, value], gitDir });
}

/** The path of `to` seen from the directory `from`, both absolute and clean. */
function relativePath(from: string, to: string): string {
  const [a, b] = [from, to].map((path) => path.split('/').filter(Boolean)) as [string[], string[]];
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same++;
  return [...a.slice(same).map(() => '..'), ...b.slice(same)].join('/');
}
