// An image that was built here, taken by the tools people have: from the live store and from a saved archive, each
// unpacks or runs it to the same files, owners and settings. Whatever is not installed is skipped and says so.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBusybox } from '../../src/testkit/index.ts';
import { command, type Docker, findDocker } from '../support/docker.ts';
import { type Listed, listTar } from '../support/list-tar.ts';
import { type Mille, makePlace, mille, removePlace, verifyStore, writeTree } from '../support/mille.ts';

const ready = process.getuid?.() === 0 && findBusybox() !== undefined;
if (!ready) console.warn('other tools skipped: owners need root, containers busybox-static');

/** Whether a program is there; else the reason is on the console. */
function installed(name: string): boolean {
  if (Bun.which(name)) return true;
  console.warn(`${name} skipped: it is not installed`);
  return false;
}

let place = '';
let program: Mille;
let archive = '';
let expected: Listed[] = [];
const OUTPUT = 'hello from 1000 in /app: 1.0 a given\n';

beforeAll(async () => {
  if (!ready) return;
  place = makePlace('others');
  program = await mille(join(place, 'store'));
  const context = join(place, 'context');
  writeTree(context, {
    Dockerfile: `FROM busybox
ARG VERSION=1.0
ENV VERSION=$VERSION
COPY --chown=1000:1000 files /app
ADD odd.tar /
RUN rm /app/gone /odd/plain && rm -r /odd/sticky && mkdir /odd/sticky && echo new >/odd/sticky/new
RUN chown 5:6 /app/a && chmod 6755 /app/b && ln /app/b /app/c && rm -r /root && ln -s app /root
LABEL org.example.note="a \\"quoted\\" value"
EXPOSE 8080/tcp
VOLUME /data
USER 1000
WORKDIR /app
STOPSIGNAL SIGINT
ENTRYPOINT ["sh", "-c", "echo hello from $(id -u) in $PWD: $VERSION $0 $1"]
CMD ["a", "given"]
`,
    'files/a': 'a\n',
    'files/b': 'b\n',
    'files/gone': 'x\n',
    'files/größe': 'ß\n',
  });
  const script = join(import.meta.dir, '../support/odd-tree.py');
  run(['python3', script, join(context, 'odd.tar')]);
  const flat = join(place, 'flat.tar');
  await program.build(['-t', 'app', '--load', '-o', `type=tar,dest=${flat}`, context]);
  expected = comparable(await listTar(flat));
  expect(expected.length).toBeGreaterThan(60);
  archive = join(place, 'saved.tar');
  await program.must(['save', '-o', archive, 'app']);
}, 120_000);
afterAll(() => removePlace(place));

function run(args: readonly string[], options: { cwd?: string } = {}): string {
  const { status, stdout, stderr } = command(args, options);
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}:\n${stderr}`);
  return stdout.toString();
}

/** What tools agree on: not the mode of symbolic links, nor what container engines put there when they start. */
function comparable(all: ReadonlyMap<string, Listed>): Listed[] {
  const own = /^\/(dev|proc|sys|run|data|\.dockerenv|etc\/(hosts|hostname|resolv\.conf|mtab))?(\/|$)/;
  return [...all.values()]
    .filter(({ path }) => !own.test(path))
    .map((entry) => (entry.type === 'symlink' ? { ...entry, mode: '' } : entry));
}

/** A directory on this machine, read as an archive. */
async function listDirectory(directory: string): Promise<Listed[]> {
  const packed = join(place, 'packed.tar');
  const attributes = ['--xattrs', '--xattrs-include=user.*', '--xattrs-include=security.capability'];
  run(['tar', '--format=pax', '--numeric-owner', ...attributes, '-C', directory, '-cf', packed, '.']);
  return comparable(await listTar(packed));
}

describe.skipIf(!ready)('an image built here', () => {
  test('runs here as it will there', async () => {
    expect(await program.must(['run', 'app'])).toBe(OUTPUT);
  });

  test.skipIf(!installed('skopeo') || !installed('umoci'))(
    'is copied by skopeo, unpacked by umoci',
    async () => {
      const layout = join(place, 'layout');
      run(['skopeo', 'copy', '-q', `oci:${program.root}:app:latest`, `oci:${layout}:app`]);
      const bundle = join(place, 'bundle');
      run(['umoci', 'unpack', '--image', `${layout}:app`, bundle]);
      expect(await listDirectory(join(bundle, 'rootfs'))).toEqual(expected);
      const { process: started } = JSON.parse(readFileSync(join(bundle, 'config.json'), 'utf8'));
      expect(started).toMatchObject({ cwd: '/app', user: { uid: 1000 } });
      expect(started.args.slice(3)).toEqual(['a', 'given']);
      expect(started.env).toContain('VERSION=1.0');
    },
    120_000,
  );

  test.skipIf(!installed('umoci'))(
    'is unpacked by umoci from the live store, which is not harmed',
    async () => {
      const bundle = join(place, 'live');
      run(['umoci', 'unpack', '--image', `${program.root}:app:latest`, bundle]);
      expect(await listDirectory(join(bundle, 'rootfs'))).toEqual(expected);
      expect(await verifyStore(program.root)).toEqual([]);
    },
    120_000,
  );

  test.skipIf(!installed('buildah')).each(['docker-archive', 'oci-archive'])(
    'is taken by buildah from a saved archive, as %s',
    async (kind) => {
      const at = join(place, kind);
      mkdirSync(at);
      const store = ['--root', join(at, 'root'), '--runroot', join(at, 'runroot'), '--storage-driver', 'vfs'];
      const buildah = (...args: string[]) => run(['buildah', ...store, ...args]).trim();
      const container = buildah('from', '--pull-never', `${kind}:${archive}`);
      expect(await listDirectory(buildah('mount', container))).toEqual(expected);
      const { config } = JSON.parse(buildah('inspect', container)).OCIv1;
      expect(config).toMatchObject({
        User: '1000',
        WorkingDir: '/app',
        StopSignal: 'SIGINT',
        Labels: { 'org.example.note': 'a "quoted" value' },
        ExposedPorts: { '8080/tcp': {} },
        Volumes: { '/data': {} },
        Cmd: ['a', 'given'],
      });
      buildah('umount', container);
      buildah('rm', container);
    },
    120_000,
  );
});

describe.skipIf(!ready)('docker', () => {
  let docker: Docker | undefined;
  const tag = `mille-taken:${process.pid}`;
  beforeAll(async () => {
    docker = await findDocker(join(place, 'docker'));
  }, 120_000);
  afterAll(async () => {
    docker?.run(['rmi', '-f', tag]);
    await docker?.stop();
  });

  test('loads, runs and exports it', async () => {
    if (!docker) return;
    const daemon = docker;
    const must = (...args: string[]) => {
      const { status, stdout, stderr } = daemon.run(args);
      if (status !== 0) throw new Error(`docker ${args.join(' ')} ended with ${status}:\n${stderr}`);
      return stdout.toString();
    };
    await program.must(['tag', 'app', tag]);
    const tagged = join(place, 'tagged.tar');
    await program.must(['save', '-o', tagged, tag]);
    expect(must('load', '-i', tagged)).toContain(tag);
    const ours = JSON.parse(await program.must(['inspect', 'app']))[0];
    const theirs = JSON.parse(must('image', 'inspect', tag))[0];
    expect(theirs.RootFS).toEqual(ours.RootFS);
    for (const key of [
      'Env',
      'Cmd',
      'Entrypoint',
      'User',
      'WorkingDir',
      'Labels',
      'ExposedPorts',
      'Volumes',
    ]) {
      expect([key, theirs.Config[key]]).toEqual([key, ours.Config[key]]);
    }
    const network = daemon.current ? 'host' : 'none';
    expect(must('run', '--rm', '--network', network, tag)).toBe(OUTPUT);
    const container = must('create', '--network', network, tag).trim();
    const exported = join(place, 'exported.tar');
    must('export', '-o', exported, container);
    must('rm', container);
    // An export leaves out attributes.
    const plain = expected.map(({ xattrs, ...entry }) => entry);
    expect(comparable(await listTar(exported)).map(({ xattrs, ...entry }) => entry)).toEqual(plain);
  }, 120_000);

  test('left nothing behind in the store', async () => {
    expect(readdirSync(join(program.root, 'tmp'))).toEqual([]);
    expect(await program.verify()).toEqual([]);
  });
});
