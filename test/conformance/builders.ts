// The two builders that the conformance suite compares, each asked for the files and the config of what it built.

import { createReadStream, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { idleResident } from '../support/resident.ts';
import { askResident } from '../support/residents.ts';
import type { Case } from './case.ts';
import { type Failure, type ImageDocument, listFiles, type Outcome, outcomeOf } from './outcome.ts';

/** How many cases are built at once. */
export const LANES = Math.min(availableParallelism(), 4);

const CHECKOUT = join(import.meta.dir, '../..');

/** The base that cases stand on, as one builder shows it. */
interface Base {
  readonly files: Awaited<ReturnType<typeof listFiles>>;
  readonly image: ImageDocument;
}

/** A builder, ready. */
export interface Builder {
  build(one: Case): Promise<{ readonly outcome: Outcome | Failure; readonly stderr: string }>;
}

interface Result {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Running {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string;
}

async function run(args: readonly string[], { cwd, env, stdin }: Running = {}): Promise<Result> {
  const child = Bun.spawn([...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
    stdin: stdin === undefined ? 'ignore' : 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  if (stdin !== undefined && child.stdin) {
    for await (const chunk of createReadStream(stdin)) child.stdin.write(chunk);
    await child.stdin.end();
  }
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { status: await child.exited, stdout, stderr };
}

async function must(args: readonly string[], given?: Running): Promise<string> {
  const { status, stdout, stderr } = await run(args, given);
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}:\n${stderr}`);
  return stdout;
}

/** Arguments of a case for `build`, the context last. */
function buildArguments({ settings, directory, server }: Case): { args: string[]; running: Running } {
  const { args = [], context = '.', stdin, env } = settings;
  return {
    args: [...args, ...(server === undefined ? [] : ['--build-arg', `SERVER=${server}`]), context],
    running: {
      cwd: directory,
      ...(env ? { env } : {}),
      ...(stdin === undefined ? {} : { stdin: join(directory, stdin) }),
    },
  };
}

/** What every case's base image is built from. */
const PEER_BASE = join(CHECKOUT, 'test/support/peer-base');
const BASE_NAME = 'mille-test/busybox';
/** Later than what counts as old in `outcome.ts`. */
const BASE_TIME = '1720000000';

/**
 * Mille from this checkout, in a store of its own.
 * @param options.fresh starts it for each command, as a user does
 */
export async function milleBuilder(
  work: string,
  busybox: string,
  { fresh }: { readonly fresh: boolean },
): Promise<Builder & { archive: string }> {
  const store = join(work, 'store');
  const env = { MILLE_ROOT: store };
  const program = async (args: readonly string[], given: Running = {}): Promise<Result> => {
    const place = { cwd: given.cwd ?? work, env: { ...process.env, ...given.env, ...env } };
    const plain = !fresh && given.stdin === undefined;
    const answer = plain
      ? ((await askResident({ args, ...place })) ?? (await idleResident(work, LANES)?.run(args, place)))
      : undefined;
    return answer ?? run([join(CHECKOUT, 'mille'), ...args], { ...given, ...place });
  };
  const mustMille = async (args: readonly string[], given?: Running): Promise<void> => {
    const { status, stderr } = await program(args, given);
    if (status !== 0) throw new Error(`mille ${args.join(' ')} ended with ${status}:\n${stderr}`);
  };
  await mustMille(['load', '-i', busybox]);
  const read = async (args: readonly string[], given: Running, files: string) => {
    const id = `${files}.id`;
    const flags = ['--iidfile', id, '--load', '-o', `type=tar,dest=${files}`];
    const { status, stderr } = await program(['build', ...flags, ...args], given);
    if (status !== 0 || !existsSync(id)) return { stderr };
    const hex = readFileSync(id, 'utf8').replace('sha256:', '').trim();
    const image = JSON.parse(readFileSync(join(store, 'blobs/sha256', hex), 'utf8')) as ImageDocument;
    const listed = await listFiles(files);
    rmSync(files);
    return { stderr, image, files: listed };
  };
  // The same image in every run, for others may use the same Docker at the same time.
  const reproducible = { env: { SOURCE_DATE_EPOCH: BASE_TIME } };
  const base = await read(['-t', BASE_NAME, PEER_BASE], reproducible, join(work, 'base.ours.tar'));
  if (!base.image) throw new Error(base.stderr);
  const archive = join(work, 'base.save.tar');
  await mustMille(['save', '-o', archive, BASE_NAME]);
  return {
    archive,
    async build(one) {
      if (one.base) await mustMille(baseCommand(one), { cwd: one.directory });
      const { args, running } = buildArguments(one);
      const built = await read(['-t', nameOf(one), ...args], running, join(work, `${one.name}.ours.tar`));
      return { stderr: built.stderr, outcome: finish(built, base) };
    },
  };
}

/** @param docker the command that is Docker's client */
export async function dockerBuilder(
  work: string,
  docker: readonly string[],
  archive: string,
): Promise<Builder & { version: string }> {
  const version = await must([...docker, 'version', '--format', '{{.Server.Version}}']);
  await must([...docker, 'load', '-q', '-i', archive]);
  mkdirSync(join(work, 'docker'), { recursive: true });
  const imageOf = async (name: string): Promise<ImageDocument> => {
    const saved = join(work, 'docker', `${name.replace(/[/:]/g, '_')}.tar`);
    await must([...docker, 'save', '-o', saved, name]);
    const member = async (path: string) => JSON.parse(await must(['tar', 'xOf', saved, path]));
    return (await member((await member('manifest.json'))[0].Config)) as ImageDocument;
  };
  const build = [...docker, 'build', '--network', 'host', '--provenance=false'];
  const baseTar = join(work, 'base.theirs.tar');
  await must([...build, '-o', `type=tar,dest=${baseTar}`, '-'], {
    stdin: await written(join(work, 'base.theirs'), `FROM ${BASE_NAME}\n`),
  });
  const base = { files: await listFiles(baseTar), image: await imageOf(BASE_NAME) };
  return {
    version: version.trim(),
    async build(one) {
      if (one.base) await must([...docker, ...baseCommand(one)], { cwd: one.directory });
      const { args, running } = buildArguments(one);
      const tar = join(work, `${one.name}.theirs.tar`);
      const { status, stderr } = await run([...build, '-t', nameOf(one), ...args], running);
      if (status !== 0) return { stderr, outcome: { failed: true } };
      await must([...build, '-o', `type=tar,dest=${tar}`, ...args], running);
      return {
        stderr,
        outcome: finish({ files: await listFiles(tar), image: await imageOf(nameOf(one)) }, base),
      };
    },
  };
}

async function written(path: string, text: string): Promise<string> {
  await Bun.write(path, text);
  return path;
}

function nameOf(one: Case): string {
  return `conformance/${one.name}:case`;
}

function baseCommand({ name, base, settings }: Case): string[] {
  if (base === 'archive') return ['load', '-q', '-i', 'base.tar'];
  const { baseArgs = [] } = settings;
  const flags = ['-q', '--network', 'host', '-t', `conformance/${name}:base`, '-f', 'base.Dockerfile'];
  return ['build', ...flags, ...baseArgs, '.'];
}

function finish(built: Partial<Base>, base: Partial<Base>): Outcome | Failure {
  const { files, image } = built;
  if (!files || !image || !base.files || !base.image) return { failed: true };
  return outcomeOf({ files, image, baseFiles: base.files, baseImage: base.image });
}
