// What `mille optimize` proposes, built here and by a current Docker: the same files must come of it. Where no such Docker
// is running already, nothing is compared: `sh scripts/current-docker.sh start` starts one. One case is compared
// whenever there is one, the others with MILLE_LONG_TESTS.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type CommandResult, type Docker, runningDocker } from './docker.ts';
import type { Mille } from './mille.ts';
import { type Files, filesOfTar } from './same-in-docker.ts';

/** What is built. */
export interface ProposedBuild {
  readonly context: string;
  /** Names of images of the store that its FROM lines have; with the names that Docker has them under already. */
  readonly bases: readonly string[] | ReadonlyMap<string, string>;
  /** Flags for both. */
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where archives can lie meanwhile. */
  readonly place: string;
  /** Not only with MILLE_LONG_TESTS. */
  readonly always?: boolean;
}

/** The files of both; undefined where there is no Docker to ask. @throws Error with what a builder said */
export async function builtByBoth(
  self: Mille,
  build: ProposedBuild,
): Promise<{ readonly ours: Files; readonly theirs: Files } | undefined> {
  if (!build.always && process.env.MILLE_LONG_TESTS === undefined) return undefined;
  const docker = runningDocker();
  if (!docker) return undefined;
  const { context, place, bases, flags = [], env = {} } = build;
  const [ours = '', theirs = ''] = ['ours', 'theirs'].map((name) =>
    join(place, `${name}.${crypto.randomUUID()}.tar`),
  );
  const own = new Map<string, string>();
  try {
    if (Array.isArray(bases))
      for (const base of bases) own.set(base, await giveToDocker(self, docker, { base, place }));
    const names = bases instanceof Map ? bases : own;
    const contexts = [...names].flatMap(([base, name]) => [
      '--build-context',
      `${base}=docker-image://${name}`,
    ]);
    const made = await self.run(['build', '-q', ...flags, '-o', `type=tar,dest=${ours}`, context], { env });
    if (made.status !== 0) throw new Error(made.stderr);
    const args = [
      'build',
      '--network',
      'host',
      ...contexts,
      ...flags,
      '-o',
      `type=tar,dest=${theirs}`,
      context,
    ];
    must(docker.run(args, { env }));
    return { ours: await filesOfTar(ours), theirs: await filesOfTar(theirs) };
  } finally {
    if (own.size > 0) docker.run(['rmi', '-f', ...own.values()]);
    for (const archive of [ours, theirs]) rmSync(archive, { force: true });
  }
}

/** Gives Docker an image under a name that is nobody else's, which has to be removed. */
export async function giveToDocker(
  self: Mille,
  docker: Docker,
  { base, place }: { readonly base: string; readonly place: string },
): Promise<string> {
  const name = `mille-test/${crypto.randomUUID()}:latest`;
  const archive = join(place, `given.${crypto.randomUUID()}.tar`);
  await self.must(['tag', base, name]);
  await self.must(['save', '-o', archive, name]);
  await self.must(['rmi', name]);
  must(docker.run(['load', '-q', '-i', archive]));
  rmSync(archive);
  return name;
}

function must({ status, stderr }: CommandResult): void {
  if (status !== 0) throw new Error(stderr);
}
