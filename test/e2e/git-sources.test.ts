// ADD of git repositories and git contexts, from a real git server on this machine.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makeAppWithLib } from '../support/app-with-lib.ts';
import { type GitServer, makeRepository, serveGit, type WrittenRepository } from '../support/git-server.ts';
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
