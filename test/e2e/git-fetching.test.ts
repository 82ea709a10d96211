// How git repositories are fetched and kept: what is a hit, from which servers, what an interruption or damage leaves.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeAppWithLib } from '../support/app-with-lib.ts';
import { command } from '../support/docker.ts';
import { type GitServer, makeRepository, serveGit, type WrittenRepository } from '../support/git-server.ts';
import { processesWith, until } from '../support/leftovers.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';
import { smallContexts } from '../support/small-contexts.ts';

repeatsCommands();

let place = '';
let self: Mille;
let server: GitServer;
let app: WrittenRepository;
/** The first commit of `app`. */
let first = '';

beforeAll(async () => {
  place = makePlace('git-fetching');
  self = await mille(join(place, 'store'));
  const root = join(place, 'served');
  const lib = { 'lib.txt': 'lib\n' };
  const files = { 'a.txt': 'first\n', Dockerfile: 'FROM busybox\nCOPY . /ctx/\n' };
  ({ app, first } = makeAppWithLib(root, { lib, modes: {}, app: files }));
  server = serveGit(root);
});

beforeEach(() => server.forget());

afterAll(() => {
  server?.stop();
  removePlace(place);
});

const { dockerfile } = smallContexts(() => place);

describe('the cache', () => {
  test('a commit that is the same is a hit, whatever its name; a branch that moved is named', async () => {
    const repository = makeRepository(join(place, 'served'), 'moving');
    const old = repository.commit('one', { f: '1\n' });
    repository.push('main', 'main:other');
    const build = (ref: string) =>
      self.build([dockerfile(`ADD ${server.url}/moving.git${ref} /m`, 'RUN cat /m/f')]);
    expect((await build('')).ran).toHaveLength(2);
    expect((await build('#main')).ran).toEqual([]);
    const now = repository.commit('two', { f: '2\n' });
    repository.push('main');
    const again = await build('#main');
    expect(again.ran).toHaveLength(2);
    expect(again.output).toContain(
      `runs because commit of ${server.url}/moving.git#main changed: ${old.slice(0, 7)} → ${now.slice(0, 7)}`,
    );
    // What was there before is found again.
    repository.push(`${old}:refs/heads/main`);
    expect((await build('#main')).ran).toEqual([]);
    // Another commit with the same files: the step runs, and what follows does not.
    repository.commit('nothing new');
    repository.push('HEAD:main');
    const kept = await build('#main');
    expect(kept.ran).toEqual([`ADD ${server.url}/moving.git#main /m`]);
  });

  test('what names its commit asks no server: not for the key, and once fetched not for the files', async () => {
    const root = join(place, 'served-once');
    writeTree(root, { x: '' });
    const repository = makeRepository(root, 'once');
    const id = repository.commit('one', { f: 'x\n' });
    repository.git('tag', 'v1');
    repository.push('main', 'v1');
    const once = serveGit(root);
    const contexts = [
      dockerfile(`ADD ${once.url}/once.git#${id} /o`),
      `${once.url}/once.git#${id}`,
      `${once.url}/once.git?ref=v1&checksum=${id}`,
      `${once.url}/once.git?checksum=${id}&fetch-by-commit=1`,
    ];
    const flags = ['build', '-f', join(place, 'context/Dockerfile')];
    for (const context of contexts) await self.must([...flags, context]);
    once.stop();
    for (const context of contexts) await self.must([...flags, '--no-cache', context]);
    const { status } = await self.run([...flags, `${once.url}/once.git#main`]);
    expect(status).toBe(60);
  });

  test('only what is new is fetched', async () => {
    const repository = makeRepository(join(place, 'served'), 'large');
    const noise = Buffer.from(crypto.getRandomValues(new Uint8Array(60_000))).toString('hex');
    repository.commit('large', { noise, f: '1\n' });
    repository.push('main');
    const build = () => self.must(['build', dockerfile(`ADD ${server.url}/large.git /l`)]);
    await build();
    repository.commit('small', { f: '2\n' });
    repository.push('main');
    await build();
    const packs = readdirSync(join(self.root, 'git')).flatMap((name) => {
      const directory = join(self.root, 'git', name, 'repository/objects/pack');
      return existsSync(directory)
        ? readdirSync(directory).map((pack) => Bun.file(join(directory, pack)).size)
        : [];
    });
    expect(packs.filter((size) => size > 50_000)).toHaveLength(1);
  });
});

describe('servers', () => {
  test.each([
    ['that only give what a branch or tag points to', { old: true }, ''],
    ['that are no more than files', {}, '/dumb'],
  ])('%s', async (_, options, prefix) => {
    const limited = serveGit(join(place, 'served'), options);
    Bun.spawnSync(['git', '-C', app.bare, 'update-server-info']);
    try {
      const url = `${limited.url}${prefix}/app.git`;
      const own = await mille(join(place, `limited${prefix.replace('/', '-')}`));
      const lines = [
        `ADD ${url}?submodules=false /main`,
        `ADD ${url}#v1 /tag`,
        `ADD --link ${url}?submodules=false#${first} /commit`,
      ];
      await own.must(['build', '-t', 'limited', dockerfile(...lines)]);
      const listed = await own.must(['run', '--rm', 'limited', 'sh', '-c', 'cat /*/a.txt']);
      expect(listed).toBe('first\n'.repeat(3));
      const { status, stderr } = await own.run(['build', dockerfile(`ADD ${url}#${'0'.repeat(40)} /none`)]);
      expect([status, stderr]).toEqual([62, expect.stringContaining(`has no commit ${'0'.repeat(40)}`)]);
    } finally {
      limited.stop();
    }
  });

  test('whose objects are named by SHA-256', async () => {
    const repository = makeRepository(join(place, 'served'), 'sha256', 'sha256');
    const id = repository.commit('one', { f: 'x\n' });
    repository.push('main');
    expect(id).toHaveLength(64);
    const lines = ['', `#${id}`, `?checksum=${id.slice(0, 50)}&keep-git-dir`].map(
      (rest, i) => `ADD ${server.url}/sha256.git${rest} /${i}`,
    );
    await self.must(['build', '-t', 'sha256', dockerfile(...lines)]);
    const content = await self.must(['run', '--rm', 'sha256', 'sh', '-c', 'cat /*/f /2/.git/HEAD']);
    expect(content).toBe(`x\nx\nx\n${id}\n`);
  });

  test.skipIf(!Bun.which('openssl'))(
    'with an authority of their own: refused, and trusted with --ca',
    async () => {
      const [key, cert] = [join(place, 'key.pem'), join(place, 'cert.pem')];
      command([
        ...[
          'openssl',
          'req',
          '-x509',
          '-newkey',
          'rsa:2048',
          '-nodes',
          '-days',
          '2',
          '-subj',
          '/CN=127.0.0.1',
        ],
        ...['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
      ]);
      const tls = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
      const secure = serveGit(join(place, 'served'), { tls });
      try {
        const context = dockerfile(`ADD ${secure.url}/lib.git /s`);
        const { status, stderr } = await self.run(['build', context]);
        expect([status, stderr]).toEqual([60, expect.stringContaining('--ca PATH')]);
        await self.must(['build', '--ca', cert, context]);
        await self.must(['build', '--no-cache', context], {
          env: { SSL_CERT_FILE: cert, GIT_SSL_CAINFO: undefined },
        });
      } finally {
        secure.stop();
      }
    },
  );

  test('of the git protocol', async () => {
    const port = 20_000 + (process.pid % 20_000);
    const core = command(['git', '--exec-path']).stdout.toString().trim();
    const flags = ['--export-all', '--listen=127.0.0.1', `--port=${port}`, `--base-path=${place}/served`];
    const daemon = Bun.spawn([join(core, 'git-daemon'), ...flags], { stdio: ['ignore', 'ignore', 'ignore'] });
    try {
      const context = dockerfile(`ADD git://127.0.0.1:${port}/lib.git /s`);
      let status = 1;
      for (let i = 0; i < 20 && status !== 0; i++) status = (await self.run(['build', context])).status;
      expect(status).toBe(0);
    } finally {
      daemon.kill();
      await daemon.exited;
    }
  });

  test('a branch that moves while it is fetched: the commit that was told is taken', async () => {
    const repository = makeRepository(join(place, 'served'), 'racing');
    const told = repository.commit('one', { f: 'told\n' });
    repository.push('main');
    let asked = 0;
    const racing = serveGit(join(place, 'served'), {
      beforePack: () => {
        // The first request lists refs, the second one names what is wanted.
        if (++asked !== 2) return;
        repository.commit('two', { f: 'moved\n' });
        repository.push('main');
      },
    });
    try {
      const built = await self.build(['-t', 'racing', dockerfile(`ADD ${racing.url}/racing.git /r`)]);
      const content = await self.must(['run', '--rm', 'racing', 'cat', '/r/f']);
      expect(content).toBe('told\n');
      expect(built.output).not.toContain(repository.git('rev-parse', 'HEAD'));
      expect(told).not.toBe(repository.git('rev-parse', 'HEAD'));
    } finally {
      racing.stop();
    }
  });
});

describe('what is kept', () => {
  test('a build that is interrupted ends git, and the next one goes on; also after kill -9', async () => {
    const repository = makeRepository(join(place, 'served'), 'slow');
    repository.commit('one', { f: 'slow\n' });
    repository.push('main');
    let waiting = 0;
    let goOn = () => {};
    const slow = serveGit(join(place, 'served'), {
      beforePack: () =>
        new Promise<void>((resolve) => {
          waiting++;
          goOn = resolve;
          if (waiting > 4) resolve();
        }),
    });
    const context = dockerfile(`ADD ${slow.url}/slow.git /s`);
    try {
      for (const signal of ['SIGINT', 'SIGKILL'] as const) {
        const before = waiting;
        const child = Bun.spawn([...self.command, 'build', context], {
          env: { ...process.env, ...self.env },
          stdio: ['ignore', 'ignore', 'ignore'],
        });
        expect(await until(() => waiting > before)).toBe(true);
        expect(processesWith(`${slow.url}/slow.git`).length).toBeGreaterThan(0);
        child.kill(signal);
        const status = await child.exited;
        expect(status).toBe(signal === 'SIGINT' ? 130 : 137);
        expect(await until(() => processesWith(`${slow.url}/slow.git`).length === 0)).toBe(true);
        goOn();
      }
      goOn();
      waiting = 10;
      await self.must(['build', context]);
      expect(await self.verify()).toEqual([]);
    } finally {
      slow.stop();
    }
  });

  test('anything of it can be damaged or removed', async () => {
    const git = join(self.root, 'git');
    const build = () => self.must(['build', '--no-cache', dockerfile(`ADD ${server.url}/app.git /src`)]);
    const context = () => self.must(['build', '--no-cache', `${server.url}/app.git`]);
    const repositories = () => readdirSync(git).map((name) => join(git, name, 'repository'));
    for (const damage of [
      (path: string) => rmSync(path, { recursive: true, force: true }),
      (path: string) => rmSync(join(path, 'HEAD'), { force: true }),
      (path: string) => writeFileSync(join(path, 'config'), '[core\n'),
      (path: string) => truncatePacks(path),
      (path: string) => writeFileSync(join(path, 'shallow.lock'), ''),
    ]) {
      for (const path of repositories()) if (existsSync(path)) damage(path);
      await build();
    }
    rmSync(git, { recursive: true });
    await context();
  });

  test('two builds at once fetch once', async () => {
    const repository = makeRepository(join(place, 'served'), 'shared');
    repository.commit('one', { f: 'x\n' });
    repository.push('main');
    server.forget();
    const contexts = [1, 2, 3].map((i) => {
      const directory = join(place, `shared-${i}`);
      writeTree(directory, { Dockerfile: `FROM busybox\nADD ${server.url}/shared.git /s${i}\n` });
      return directory;
    });
    await Promise.all(contexts.map((directory) => self.must(['build', directory])));
    const posts = server.seen.filter(({ path }) => path === '/shared.git/git-upload-pack');
    // Each asks for the ref; one asks again, and for the pack.
    expect(posts).toHaveLength(5);
  });
});

/** What a power cut may leave. */
function truncatePacks(repository: string): void {
  const packs = join(repository, 'objects/pack');
  for (const name of readdirSync(packs))
    if (name.endsWith('.pack')) {
      chmodSync(join(packs, name), 0o644);
      writeFileSync(join(packs, name), '');
    }
}
