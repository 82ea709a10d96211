// One Dockerfile built here and by a real Docker: the files of both images, as containers see them.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { command, type Docker } from './docker.ts';
import { INCOMPARABLE_PATHS } from './incomparable-paths.ts';
import { type Listed, listTar } from './list-tar.ts';

const MILLE = join(import.meta.dir, '../../mille');

/** By path: type, mode, owner, content, links, extended attributes. */
export type Files = Readonly<Record<string, Listed>>;

/** The files of a tar, without those that each builder's runtime writes in its own way. */
export async function filesOfTar(archive: string): Promise<Files> {
  const entries = [...(await listTar(archive))];
  return Object.fromEntries(entries.filter(([path]) => !INCOMPARABLE_PATHS.has(path)));
}

/** What is built, and where archives can lie meanwhile. */
export interface DockerComparison {
  readonly docker: Docker;
  /** The store of mille. Base images have to be there, and in Docker. */
  readonly root: string;
  readonly context: string;
  readonly place: string;
}

/** Builds a directory's Dockerfile with both. @throws Error with what a builder said */
export async function filesInBoth({ docker, root, context, place }: DockerComparison): Promise<{
  readonly ours: Files;
  readonly theirs: Files;
}> {
  const [ours = '', theirs = ''] = ['ours', 'theirs'].map((name) => join(place, `in-both.${name}.tar`));
  const made = [
    command([MILLE, 'build', '-q', '-o', `type=tar,dest=${ours}`, context], { env: { MILLE_ROOT: root } }),
    docker.run(['build', '--network', 'host', '-o', `type=tar,dest=${theirs}`, context]),
  ];
  for (const { status, stderr } of made) if (status !== 0) throw new Error(stderr);
  const files = { ours: await filesOfTar(ours), theirs: await filesOfTar(theirs) };
  for (const archive of [ours, theirs]) rmSync(archive);
  return files;
}
