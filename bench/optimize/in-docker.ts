// What was proposed, built by a real Docker too: the same files must come of it. What differs between two builds of mille
// differs by itself, and says nothing.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { trustBundle } from '../../src/build/execute/index.ts';
import { filesOfTar } from '../../test/support/same-in-docker.ts';
import { mustRun } from './must-run.ts';

/** Both builders. */
export interface Builders {
  readonly mille: (args: readonly string[]) => Promise<string>;
  /** The words with which its client is called. */
  readonly docker: readonly string[];
  /** Authorities that RUN has to trust, in PEM form. */
  readonly authorities?: string;
  /** For files that are needed for a while. */
  readonly place: string;
}

/** A repository in which the proposal is written already, and the bases that it names. */
export interface ComparedBuild {
  readonly repository: string;
  readonly dockerfile: string;
  readonly bases: readonly string[];
}

/** Paths at which the two builders come to different things. @throws Error with what one said that could not build */
export async function differencesInDocker(
  builders: Builders,
  { repository, dockerfile, bases }: ComparedBuild,
): Promise<readonly string[]> {
  const { mille, docker, place } = builders;
  mkdirSync(place, { recursive: true });
  const contexts: string[] = [];
  for (const base of bases) {
    const given = await giveToDocker(builders, base);
    contexts.push('--build-context', `${base}=docker-image://${given}`);
  }
  const tars = ['ours', 'again', 'theirs'].map((name) => join(place, `${name}.tar`));
  const build = ['build', '--quiet', '-f', join(repository, dockerfile), ...contexts];
  try {
    await mille([...build, '-o', `type=tar,dest=${tars[0]}`, repository]);
    await mille([...build, '--no-cache', '-o', `type=tar,dest=${tars[1]}`, repository]);
    await mustRun([...docker, ...build, '--network', 'host', '-o', `type=tar,dest=${tars[2]}`, repository], {
      DOCKER_BUILDKIT: '1',
    });
    const [ours, again, theirs] = await Promise.all(tars.map(filesOfTar));
    const noise = differences(ours!, again!);
    const moving = new Set(noise.filter((path) => !(ours![path] && again![path])).map(parentOf));
    return differences(ours!, theirs!).filter((path) => !noise.includes(path) && !isBelow(path, moving));
  } finally {
    for (const tar of tars) rmSync(tar, { force: true });
  }
}

type Files = Awaited<ReturnType<typeof filesOfTar>>;

function differences(one: Files, other: Files): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
    (path) => !Bun.deepEquals(one[path], other[path]),
  );
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** In a directory whose names are others each time, as those of logs that are named by the time. */
function isBelow(path: string, directories: ReadonlySet<string>): boolean {
  for (let at = parentOf(path); at !== ''; at = parentOf(at)) if (directories.has(at)) return true;
  return false;
}

const given = new Map<string, Promise<string>>();

/** The base in Docker, under a name of our own. It knows the authorities, which mille mounts for the while of a RUN. */
function giveToDocker(builders: Builders, base: string): Promise<string> {
  const known = given.get(base) ?? give(builders, base);
  given.set(base, known);
  return known;
}

async function give({ mille, docker, authorities, place }: Builders, base: string): Promise<string> {
  const name = `mille-bench/${base.replace(/[:/]/g, '-')}:latest`;
  const directory = join(place, 'base');
  mkdirSync(directory, { recursive: true });
  const lines = [`FROM ${base}`];
  if (authorities !== undefined) lines.push(...trustIn(directory, authorities));
  writeFileSync(join(directory, 'Dockerfile'), `${lines.join('\n')}\n`);
  await mille(['build', '--quiet', '-t', name, directory]);
  const archive = join(place, 'base.tar');
  await mille(['save', '-o', archive, name]);
  await mustRun([...docker, 'load', '-q', '-i', archive]);
  rmSync(archive);
  return name;
}

/** What mille shows to a RUN with `--ca`, Java's keystore included, copied into a base: the lines that do it. */
function trustIn(directory: string, authorities: string): readonly string[] {
  const { mounts, env } = trustBundle(authorities, directory);
  const mount = mounts.find((one) => one.type === 'bind');
  if (!mount) throw new Error('nothing is mounted for --ca');
  const { source, target } = mount;
  for (const name of readdirSync(source)) {
    const path = join(source, name);
    const content = readFileSync(path, 'latin1');
    if (content.includes(target)) writeFileSync(path, content.replaceAll(target, TRUST), 'latin1');
  }
  return [
    `COPY ${relative(directory, source)} ${TRUST}`,
    `ENV ${env.map((one) => one.replaceAll(target, TRUST)).join(' ')}`,
  ];
}

const TRUST = '/etc/mille-bench';
