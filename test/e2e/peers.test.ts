// The same Dockerfiles, built here and by a real Docker on this machine, give the same files (path, type, mode,
// owner, content, links, extended attributes) and the same config. A case is a folder in `peers/`: a Dockerfile,
// and a script that fills the context. Debian's Docker is older than some of the language: cases it cannot build
// are listed with the reason and run where MILLE_TEST_DOCKER_HOST names a current daemon.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { busyboxBase } from '../support/base-images.ts';
import { command, type Docker, findDocker } from '../support/docker.ts';
import { writeTree } from '../support/mille.ts';
import { filesInBoth, filesOfTar } from '../support/same-in-docker.ts';

const cases = join(import.meta.dir, 'peers');
const mille = join(import.meta.dir, '../../mille');

/** Docker unpacks xz with a program that the machine of a foreign daemon may lack. */
const NEEDS_OWN = new Set(['archives-xz']);

/** Why Debian's Docker (20.10) cannot serve as the truth for a case. */
const NEEDS_CURRENT: Record<string, string> = {
  heredocs: 'here-documents came with 23.0',
  'workdir-and-user': 'WORKDIR gives new directories to USER since 23.0',
  'copy-basics': 'COPY --chmod of directories changed',
  patterns: 'patterns in expansions came with 24.0',
  archives: 'zstd archives came later',
  'run-mounts': 'mount points were left in the image before 23.0',
};

let work = '';
let docker: Docker | undefined;

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'mille-peers-'));
  const busybox = await busyboxBase();
  docker = busybox && (await findDocker(join(work, 'docker')));
  if (!busybox || !docker) return;
  // Both sides start from the same image: made here, and taken by Docker from our archive.
  run([mille, 'load', '-i', busybox.path]);
  const archive = join(work, 'base.tar');
  run([mille, 'build', '-t', 'mille-test/busybox', join(import.meta.dir, '../support/peer-base')]);
  run([mille, 'save', '-o', archive, 'mille-test/busybox']);
  const loaded = docker.run(['load', '-i', archive]);
  if (loaded.status !== 0) throw new Error(loaded.stderr);
}, 120_000);

afterAll(async () => {
  await docker?.stop();
  rmSync(work, { recursive: true, force: true });
});

function run(args: readonly string[], cwd?: string): Buffer {
  const result = command(args, { ...(cwd ? { cwd } : {}), env: { MILLE_ROOT: join(work, 'store') } });
  if (result.status !== 0)
    throw new Error(`${args.join(' ')} ended with ${result.status}:\n${result.stderr}`);
  return result.stdout;
}

function prepare(name: string): string {
  const context = join(work, name);
  cpSync(join(cases, name), context, { recursive: true });
  if (readdirSync(context).includes('context.sh')) run(['bash', '-e', 'context.sh'], context);
  return context;
}

interface Comparable {
  readonly config: Record<string, unknown>;
  readonly empty: boolean[];
}

/** The config without what must differ: times, digests, and empty fields that Docker writes out. */
function comparable(config: Record<string, unknown>): Comparable {
  const container = (config.config ?? {}) as Record<string, unknown>;
  const dropped = new Set([
    'Hostname',
    'Domainname',
    'AttachStdin',
    'AttachStdout',
    'AttachStderr',
    'Tty',
    'OpenStdin',
  ]);
  const kept = Object.entries(container).filter(
    ([key, value]) =>
      !dropped.has(key) && key !== 'Image' && key !== 'StdinOnce' && value !== null && value !== '',
  );
  const history = (config.history ?? []) as { empty_layer?: boolean; created_by?: string }[];
  const { architecture, os, variant, author } = config;
  return {
    config: { architecture, os, variant, author, config: Object.fromEntries(kept.sort()) },
    // WORKDIR of a directory that is there makes no layer here and an empty one in BuildKit (docs/differences.md).
    empty: history.map((entry) => !/^WORKDIR/.test(entry.created_by ?? '') && entry.empty_layer === true),
  };
}

function dockerConfig(name: string): Record<string, unknown> {
  const archive = join(work, `${name}.save.tar`);
  docker!.run(['save', '-o', archive, `peer-${name}`]);
  return configOf(archive);
}

function configOf(archive: string): Record<string, unknown> {
  const manifest = JSON.parse(run(['tar', 'xOf', archive, 'manifest.json']).toString()) as {
    Config: string;
  }[];
  return JSON.parse(run(['tar', 'xOf', archive, manifest[0]!.Config]).toString()) as Record<string, unknown>;
}

describe('the same as Docker', () => {
  for (const name of readdirSync(cases).sort()) {
    test(name, async () => {
      if (!docker) return;
      const reason = NEEDS_CURRENT[name];
      if (reason && !docker.current) {
        console.warn(`${name}: not compared with Docker ${docker.version}: ${reason}`);
        return;
      }
      if (NEEDS_OWN.has(name) && process.env.MILLE_TEST_DOCKER_HOST) return;
      const context = prepare(name);
      const theirs = join(work, `${name}.theirs.tar`);
      const ours = join(work, `${name}.ours.tar`);
      const built = docker.run(['build', '--network', 'host', '-t', `peer-${name}`, '.'], { cwd: context });
      if (built.status !== 0) throw new Error(`docker: ${built.stderr}`);
      const exported = docker.run(['build', '--network', 'host', '-o', `type=tar,dest=${theirs}`, '.'], {
        cwd: context,
      });
      if (exported.status !== 0) throw new Error(`docker: ${exported.stderr}`);
      run([mille, 'build', '-t', `peer-${name}`, '.'], context);
      run([mille, 'build', '-o', `type=tar,dest=${ours}`, '.'], context);
      expect(await filesOfTar(ours)).toEqual(await filesOfTar(theirs));
      const saved = join(work, `${name}.ours.save.tar`);
      writeFileSync(saved, run([mille, 'save', `peer-${name}`]));
      expect(comparable(configOf(saved))).toEqual(comparable(dockerConfig(name)));
    }, 60_000);
  }

  test('what mille optimize writes, before and after', async () => {
    if (!docker) return;
    const context = join(work, 'optimized');
    const text = `FROM mille-test/busybox
LABEL a=b
ADD src /app/
RUN mkdir /made && cp /app/one /made && chown -R 7:8 /made
ADD two /app/two
CMD ["cat", "/made/one"]
`;
    writeTree(context, { Dockerfile: text, '.dockerignore': 'Dockerfile', 'src/one': '1', two: '2' });
    const both = { docker, root: join(work, 'store'), context, place: work };
    const before = await filesInBoth(both);
    expect(before.ours).toEqual(before.theirs);
    run([mille, 'optimize', '--write', '--progress', 'none', context]);
    expect(readFileSync(join(context, 'Dockerfile'), 'utf8')).toContain('COPY two');
    const after = await filesInBoth(both);
    expect(after.theirs).toEqual(before.theirs);
    expect(after.ours).toEqual(before.theirs);
  }, 60_000);

  test('every case is a folder with a Dockerfile', () => {
    for (const name of readdirSync(cases))
      expect(readFileSync(join(cases, name, 'Dockerfile'), 'utf8')).toContain('FROM');
  });
});
