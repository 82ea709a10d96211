// ADD of git repositories and git contexts, from a real git server on this machine.

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
/** Ids of the commits of `app`. */
let first = '';
let second = '';

beforeAll(async () => {
  place = makePlace('git-sources');
  self = await mille(join(place, 'store'));
  const root = join(place, 'served');
  writeTree(join(root, 'files'), { x: '' });
  const written = makeAppWithLib(root, {
    lib: { 'lib.txt': 'lib\n' },
    modes: { 'bin/run': ['#!/bin/sh\n', 0o755], 'private.txt': ['p\n', 0o600] },
    app: {
      'a.txt': 'first\n',
      'sub/s.txt': 's\n',
      'sub/deep/d.txt': 'd\n',
      link: { link: 'a.txt' },
      out: { link: '/etc' },
      subl: { link: 'sub' },
      'docs.md': 'not here\n',
      '.gitattributes': '*.md export-ignore\n*.bat text eol=crlf\n',
      'sub/x.bat': 'a\nb\n',
      '.dockerignore': '*.txt\n',
      Dockerfile: 'FROM busybox\nCOPY . /ctx/\n',
      'sub/Dockerfile': 'FROM busybox\nCOPY . /sub/\n',
    },
  });
  ({ app, first, second } = written);
  server = serveGit(root);
});

beforeEach(() => server.forget());

afterAll(() => {
  server?.stop();
  removePlace(place);
});

const { dockerfile, apart } = smallContexts(() => place);

/** Builds, and runs a shell line in the image. */
async function inImage(context: string, script: string, flags: readonly string[] = []): Promise<string> {
  await self.must(['build', '-t', 'git', ...flags, context]);
  return await self.must(['run', '--rm', 'git', 'sh', '-c', script]);
}

const LIST = (path: string) =>
  `cd ${path} && find . | sort | while read -r f; do stat -c '%a %u:%g %F %n' "$f"; done`;

describe('ADD', () => {
  test('files are root’s, 644 or 755; links stay links; attributes count; there is no .git', async () => {
    const context = dockerfile(`ADD ${server.url}/app.git /src`);
    const listed = await inImage(context, LIST('/src'));
    expect(listed.trim().split('\n')).toEqual([
      '755 0:0 directory .',
      '644 0:0 regular file ./.dockerignore',
      '644 0:0 regular file ./.gitattributes',
      '644 0:0 regular file ./.gitmodules',
      '644 0:0 regular file ./Dockerfile',
      '644 0:0 regular file ./a.txt',
      '755 0:0 directory ./bin',
      '755 0:0 regular file ./bin/run',
      '644 0:0 regular file ./docs.md',
      '777 0:0 symbolic link ./link',
      '777 0:0 symbolic link ./out',
      '644 0:0 regular file ./private.txt',
      '755 0:0 directory ./sub',
      '644 0:0 regular file ./sub/Dockerfile',
      '755 0:0 directory ./sub/deep',
      '644 0:0 regular file ./sub/deep/d.txt',
      '644 0:0 regular file ./sub/s.txt',
      '644 0:0 regular file ./sub/x.bat',
      '777 0:0 symbolic link ./subl',
      '755 0:0 directory ./vendor',
      '755 0:0 directory ./vendor/lib',
      '644 0:0 regular file ./vendor/lib/lib.txt',
    ]);
    expect(await self.must(['run', '--rm', 'git', 'cat', '/src/sub/x.bat'])).toBe('a\r\nb\r\n');
  });

  test('a branch, a tag, any other ref, by any of its names', async () => {
    const refs = [
      '#v1',
      '#light',
      '#refs/pull/1/head',
      '#pull/1/head',
      '#feature/x',
      '?tag=v1',
      '?branch=main',
    ];
    const lines = refs.map((ref, i) => `ADD --link ${server.url}/app.git${ref} /${i}`);
    const listed = await inImage(dockerfile(...lines), 'cat /*/a.txt; ls -d /*/vendor');
    expect(listed).toBe(`${'first\n'.repeat(7)}/4/vendor\n/6/vendor\n`);
  });

  test('a directory alone, also one of a submodule; the attributes above it count', async () => {
    const context = dockerfile(
      `ADD --chown=7:8 --chmod=go= --exclude=deep ${server.url}/app.git#main:sub /sub/`,
      `ADD ${server.url}/app.git#:vendor/lib /lib`,
    );
    const listed = await inImage(context, `${LIST('/sub')}; ls -a /lib; wc -c < /sub/x.bat`);
    expect(listed.split('\n')).toEqual([
      '755 7:8 directory .',
      '600 7:8 regular file ./Dockerfile',
      '600 7:8 regular file ./s.txt',
      '600 7:8 regular file ./x.bat',
      '.',
      '..',
      'lib.txt',
      '6',
      '',
    ]);
  });

  test('a directory is one of the commit: no link is followed, no file taken', async () => {
    const directories = [
      ['link', 'it is a link'],
      ['subl', 'it is a link'],
      ['out/ssl', 'it is a link'],
      ['subl/deep', 'it is a link'],
      ['a.txt', 'it is a file'],
      ['nowhere', 'there is none'],
    ];
    const found = await Promise.all(
      directories.map(([directory]) =>
        self.run(['build', apart(`ADD ${server.url}/app.git#v1:${directory} /x`)]),
      ),
    );
    expect(found.map(({ status }) => status)).toEqual(directories.map(() => 62));
    expect(found.map(({ stderr }) => stderr)).toEqual(
      directories.map(([, why]) => expect.stringContaining(why!) as string),
    );
  });

  test('.git is kept on demand: a shallow repository of the commit that git takes, without hooks', async () => {
    const context = dockerfile(
      `ADD --keep-git-dir ${server.url}/app.git /main`,
      `ADD ${server.url}/app.git?keep-git-dir=true#v1 /tag`,
      `ADD ${server.url}/app.git?keep-git-dir=true#${first} /commit`,
    );
    await self.must(['build', '-o', join(place, 'kept'), context]);
    const at = (name: string) => join(place, 'kept', name);
    const ask = (name: string, ...args: readonly string[]) => {
      const { stdout, stderr } = Bun.spawnSync(['git', '-c', 'safe.directory=*', '-C', at(name), ...args]);
      return `${stdout}${stderr}`.trim();
    };
    expect(ask('main', 'status', '--porcelain')).toBe('');
    expect(ask('main', 'rev-parse', 'HEAD')).toBe(second);
    expect(ask('main', 'for-each-ref')).toBe(`${second} commit\trefs/heads/main`);
    expect(ask('main', 'remote', 'get-url', 'origin')).toBe(`${server.url}/app.git`);
    expect(ask('main', 'submodule', 'status')).toMatch(/^ ?[0-9a-f]{40} vendor\/lib/);
    expect(ask('main', 'fsck')).toBe('');
    expect(existsSync(at('main/.git/hooks'))).toBe(false);
    expect(existsSync(at('main/.git/modules/vendor/lib/HEAD'))).toBe(true);
    expect(ask('tag', 'cat-file', '-t', 'refs/tags/v1')).toBe('tag');
    expect(ask('tag', 'rev-parse', 'HEAD')).toBe(first);
    expect(ask('commit', 'rev-parse', 'HEAD')).toBe(first);
    expect(ask('commit', 'log', '--oneline').split('\n')).toHaveLength(1);
  });

  test('a checksum is a commit, a tag of it, or the beginning of either; anything else is refused', async () => {
    const tag = app.git('rev-parse', 'v1');
    for (const checksum of [first, first.slice(0, 1), first.slice(0, 7).toUpperCase(), tag, tag.slice(0, 10)])
      await self.must(['build', dockerfile(`ADD --checksum=${checksum} ${server.url}/app.git#v1 /src`)]);
    await self.must(['build', dockerfile(`ADD ${server.url}/app.git?commit=${first.slice(0, 9)}#v1 /src`)]);
    for (const [ref, found] of [
      ['v1', `${tag} or ${first}`],
      [first, first],
    ]) {
      const line = `ADD --checksum=${second} ${server.url}/app.git#${ref} /src`;
      const { status, stderr } = await self.run(['build', dockerfile(line)]);
      expect([status, stderr]).toEqual([
        44,
        expect.stringContaining(`wanted ${second}\n  found  ${found}\n`),
      ]);
    }
  });
});

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

describe('a context', () => {
  test('a repository, its .dockerignore not used; the commit is told, and the next build finds the checkout', async () => {
    const context = `${server.url}/app.git`;
    const listed = await inImage(context, 'cd /ctx && ls -A . vendor/lib');
    expect(listed.split('\n')).toEqual(
      expect.arrayContaining(['a.txt', '.dockerignore', 'lib.txt', 'Dockerfile', '.gitmodules']),
    );
    expect(listed).not.toContain('.git\n');
    const again = await self.build(['-t', 'git', context]);
    expect(again.output).toContain(`commit ${second}`);
    expect(again.output).toMatch(/load git source .*\n(#1 .*\n)*#1 CACHED/);
    expect(again.ran).toEqual([]);
  });

  test('-f is a path in it, one of this machine, standard input, or a URL', async () => {
    const own = join(place, 'own.Dockerfile');
    writeTree(place, { 'own.Dockerfile': 'FROM busybox\nCOPY a.txt /own\n' });
    writeTree(join(place, 'served/files'), { Dockerfile: 'FROM busybox\nCOPY a.txt /url\n' });
    const context = `${server.url}/app.git#v1`;
    expect(await inImage(context, 'ls /ctx/a.txt', ['-f', 'Dockerfile'])).toBe('/ctx/a.txt\n');
    expect(await inImage(context, 'cat /sub/a.txt', ['-f', 'sub/Dockerfile'])).toBe('first\n');
    expect(await inImage(`${context}:sub`, 'ls /sub/s.txt', ['-f', '../Dockerfile'])).toBe('/sub/s.txt\n');
    expect(await inImage(context, 'cat /own', ['-f', own])).toBe('first\n');
    expect(await inImage(context, 'cat /url', ['-f', `${server.url}/files/Dockerfile`])).toBe('first\n');
    const stdin = Buffer.from('FROM busybox\nCOPY a.txt /stdin\n');
    await self.must(['build', '-t', 'git', '-f', '-', context], { stdin });
    expect(await self.must(['run', '--rm', 'git', 'cat', '/stdin'])).toBe('first\n');
  });

  test('.git on demand, and bind mounts of it', async () => {
    writeTree(place, {
      'bind.Dockerfile': 'FROM busybox\nRUN --mount=target=/c ls -A /c > /list; cat /c/.git/HEAD >> /list\n',
    });
    const flags = ['-f', join(place, 'bind.Dockerfile'), '--build-arg', 'BUILDKIT_CONTEXT_KEEP_GIT_DIR=1'];
    const listed = await inImage(`${server.url}/app.git#v1`, 'cat /list', flags);
    expect(listed.split('\n')).toEqual(expect.arrayContaining(['.git', 'a.txt', first]));
  });

  test('times: those of the commit where they are asked for, also as SOURCE_DATE_EPOCH', async () => {
    const timed = makeRepository(join(place, 'served'), 'timed');
    timed.commit('one', {
      'd/f': 'x',
      Dockerfile: 'FROM busybox\nCOPY d /d/\nRUN echo $SOURCE_DATE_EPOCH > /epoch\n',
    });
    timed.push('main');
    const script = 'stat -c %Y /d/f; cat /epoch';
    const time = Date.parse('2020-01-02T03:04:05Z') / 1000;
    expect(await inImage(`${server.url}/timed.git?mtime=commit`, script)).toBe(`${time}\n\n`);
    const flags = ['build', '-q', '-t', 'git'];
    const env = { SOURCE_DATE_EPOCH: 'context' };
    const id = await self.must([...flags, `${server.url}/timed.git`], { env });
    expect(await self.must(['run', '--rm', 'git', 'sh', '-c', script])).toBe(`${time}\n${time}\n`);
    const [document] = JSON.parse(await self.must(['inspect', 'git']));
    expect(Date.parse(document.Created) / 1000).toBe(time);
    // In a store that knows nothing it is the same image.
    const other = await mille(join(place, 'other'));
    expect(await other.must([...flags, `${server.url}/timed.git`], { env })).toBe(id);
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
    expect(await inImage(dockerfile(...lines), 'cat /*/f /2/.git/HEAD')).toBe(`x\nx\nx\n${id}\n`);
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
