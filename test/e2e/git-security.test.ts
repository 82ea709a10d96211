// What a git server, a repository, or the surroundings of a build may not achieve: running something, getting at a
// token, having files of this machine in the image. And that tokens reach the servers they are for, and nothing else.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { SecretSearch } from '../support/find-secret.ts';
import {
  addSubmodule,
  type GitServer,
  makeRepository,
  serveGit,
  TOKEN,
  type WrittenRepository,
} from '../support/git-server.ts';
import { processesWith } from '../support/leftovers.ts';
import { type Mille, makePlace, mille, programAlone, removePlace, writeTree } from '../support/mille.ts';
import { smallContexts } from '../support/small-contexts.ts';

let place = '';
let self: Mille;
/** What runs it. */
let runtime = '';
let server: GitServer;
/** Another host, as far as tokens are concerned: another port. */
let other: GitServer;
let app: WrittenRepository;
let lib: WrittenRepository;
let libCommit = '';
/** Made by anything that must not run. */
let trap = '';

beforeAll(async () => {
  place = makePlace('git-security');
  trap = join(place, 'it-ran');
  // Not through the script that looks for Bun: what it starts on the way has the user's variables.
  const program = programAlone();
  runtime = realpathSync(program[0]!);
  self = await mille(join(place, 'store'), { program });
  const root = join(place, 'served');
  mkdirSync(root);
  lib = makeRepository(root, 'lib');
  libCommit = lib.commit('one', { 'lib.txt': 'lib\n' });
  lib.push('main');
  app = makeRepository(root, 'app');
  app.commit('one', { 'a.txt': 'a\n', Dockerfile: 'FROM busybox\nCOPY a.txt /\n' });
  app.push('main');
  other = serveGit(root);
  server = serveGit(root, { elsewhere: () => other.url });
});

beforeEach(() => {
  server.forget();
  other.forget();
});

afterAll(() => {
  server?.stop();
  other?.stop();
  removePlace(place);
});

const { dockerfile, apart } = smallContexts(() => place);

const WITH_TOKEN = { TOKEN };
const BASIC = btoa(`x-access-token:${TOKEN}`);

describe('tokens', () => {
  test('by each name that BuildKit knows they open a private repository', async () => {
    const secrets = [
      ['GIT_AUTH_TOKEN', TOKEN],
      [`GIT_AUTH_TOKEN.${server.host}`, `${TOKEN}\n`],
      ['GIT_AUTH_HEADER', `Basic ${BASIC}`],
      [`GIT_AUTH_HEADER.${server.host}`, `Basic ${BASIC}`],
    ];
    await Promise.all(
      secrets.map(async ([id, value]) => {
        const build = ['build', '--no-cache', '--secret', `id=${id},env=TOKEN`];
        await self.must([...build, apart(`ADD ${server.url}/private/app.git /src`)], {
          env: { TOKEN: value },
        });
        await self.must([...build, `${server.url}/private/app.git`], { env: { TOKEN: value } });
      }),
    );
  });

  test('without it, with a wrong one, or with one for another host: an error that says what to do', async () => {
    const build = (...flags: readonly string[]) =>
      self.run(['build', ...flags, dockerfile(`ADD ${server.url}/private/app.git /src`)], {
        env: { TOKEN: 'wrong-one' },
      });
    const without = await build();
    expect(without.status).toBe(60);
    expect(without.stderr).toContain(`--secret id=GIT_AUTH_TOKEN.${server.host},env=VARIABLE`);
    const wrong = await build('--secret', 'id=GIT_AUTH_TOKEN,env=TOKEN');
    expect(wrong.stderr).toContain('the token or password is not accepted');
    server.forget();
    expect((await build('--secret', `id=GIT_AUTH_TOKEN.${other.host},env=TOKEN`)).status).toBe(60);
    expect(server.seen.every(({ authorization }) => authorization === null)).toBe(true);
  });

  test('a password in a URL opens it too', async () => {
    const url = server.url.replace('//', `//x-access-token:${TOKEN}@`);
    await self.must(['build', '--no-cache', dockerfile(`ADD --keep-git-dir ${url}/private/app.git /src`)]);
    await self.must(['build', `${url}/private/app.git`]);
  });

  test('they are in no file of the store, no output, and in no argument and no variable of a process while git runs', async () => {
    const search = new SecretSearch([TOKEN, `x-access-token:${TOKEN}`]);
    const seen: string[] = [];
    let gits = 0;
    const watching = setInterval(() => {
      gits += processesWith('ls-remote').length + processesWith('git-remote-http').length;
      // What mille itself was given is the user's own.
      seen.push(...search.inProcesses(runtime));
    }, 15);
    const url = server.url.replace('//', `//x-access-token:${TOKEN}@`);
    const secret = ['--secret', 'id=GIT_AUTH_TOKEN,env=TOKEN', '--progress', 'plain'];
    const outputs: string[] = [];
    for (const args of [
      [...secret, '--no-cache', dockerfile(`ADD --keep-git-dir ${server.url}/private/app.git /src`)],
      ['--progress', 'json', '--no-cache', dockerfile(`ADD ${url}/private/app.git /src`)],
      ['--no-cache', `${url}/private/app.git`],
      [...secret, `${server.url}/private/none.git`],
      [`${url}/private/none.git`],
    ]) {
      const { stdout, stderr } = await self.run(['build', ...args], { env: WITH_TOKEN });
      outputs.push(stdout, stderr);
    }
    clearInterval(watching);
    expect(gits).toBeGreaterThan(0);
    expect(seen).toEqual([]);
    expect(outputs.filter((text) => search.isIn(text))).toEqual([]);
    expect(search.inFiles(self.root)).toEqual([]);
    // It would have been found.
    const app = new SecretSearch(['/private/app.git']);
    expect(app.inFiles(self.root).length).toBeGreaterThan(0);
  });

  test('they do not follow a redirection to another host, and do follow one on the same', async () => {
    const secret = ['--secret', 'id=GIT_AUTH_TOKEN,env=TOKEN'];
    const away = await self.run(
      ['build', ...secret, dockerfile(`ADD ${server.url}/redirect/private/app.git /src`)],
      { env: WITH_TOKEN },
    );
    expect(away.status).toBe(60);
    expect(other.seen.length).toBeGreaterThan(0);
    expect(other.seen.filter(({ authorization }) => authorization !== null)).toEqual([]);
    // What is public there is fetched.
    other.forget();
    await self.must(['build', ...secret, dockerfile(`ADD ${server.url}/redirect/app.git /src`)], {
      env: WITH_TOKEN,
    });
    expect(other.seen.some(({ path }) => path.endsWith('/git-upload-pack'))).toBe(true);
    expect(other.seen.filter(({ authorization }) => authorization !== null)).toEqual([]);
    // `other` redirects to itself; the token for it goes there as well where it is named.
    await self.must(['build', ...secret, dockerfile(`ADD ${other.url}/redirect/private/app.git /src`)], {
      env: WITH_TOKEN,
    });
    const named = ['--secret', `id=GIT_AUTH_TOKEN.${other.host},env=TOKEN`];
    await self.must(
      [
        'build',
        '--no-cache',
        ...secret,
        ...named,
        dockerfile(`ADD ${server.url}/redirect/private/app.git /src`),
      ],
      { env: WITH_TOKEN },
    );
  });

  test('a submodule on the same server gets them, one elsewhere does not', async () => {
    const near = makeRepository(join(place, 'served'), 'near');
    addSubmodule(near, { path: 'lib', url: '../../private/lib.git', commit: libCommit });
    near.commit('one');
    near.push('main');
    const far = makeRepository(join(place, 'served'), 'far');
    addSubmodule(far, { path: 'lib', url: `${other.url}/private/lib.git`, commit: libCommit });
    far.commit('one');
    far.push('main');
    const build = (name: string, ...flags: readonly string[]) =>
      self.run(
        [
          'build',
          '--secret',
          'id=GIT_AUTH_TOKEN,env=TOKEN',
          ...flags,
          dockerfile(`ADD ${server.url}/${name}.git /n`),
        ],
        { env: WITH_TOKEN },
      );
    expect((await build('near')).status).toBe(0);
    const refused = await build('far');
    expect(refused.status).toBe(60);
    expect(refused.stderr).toContain(
      `cannot fetch ${other.url}/private/lib.git: the server asks for a login`,
    );
    expect(other.seen.filter(({ authorization }) => authorization !== null)).toEqual([]);
    expect((await build('far', '--secret', `id=GIT_AUTH_TOKEN.${other.host},env=TOKEN`)).status).toBe(0);
  });
});

describe('repositories', () => {
  test('submodules that are not of a network are refused, and nothing is run', async () => {
    const urls = [
      `file://${lib.bare}`,
      lib.bare,
      `ext::sh -c touch% ${trap}`,
      `-u${trap}`,
      `ssh://-oProxyCommand=touch%20${trap}/x`,
      `git@-oProxyCommand=touch${trap}:x`,
    ];
    const addresses = urls.map((url, i) => {
      const repository = makeRepository(join(place, 'served'), `evil-${i}`);
      addSubmodule(repository, { path: 'lib', url, commit: libCommit });
      repository.commit('one');
      repository.push('main');
      return `${server.url}/evil-${i}.git`;
    });
    const lines = [
      ...addresses.map((address) => `ADD ${address} /x`),
      `ADD --keep-git-dir ${addresses[2]} /x`,
    ];
    const outcomes = await Promise.all(lines.map((line) => self.run(['build', apart(line)])));
    for (const { status, stderr } of outcomes)
      expect([status, stderr]).toEqual([
        61,
        expect.stringMatching(/submodule lib|no address of a git repository/),
      ]);
    expect(existsSync(trap)).toBe(false);
    await self.must(['build', dockerfile(`ADD ${addresses[2]}?submodules=false /x`)]);
  });

  test('submodules: nested, left out by their own word, never updated by a command of theirs, names that lead out ignored', async () => {
    const nested = makeRepository(join(place, 'served'), 'nested');
    addSubmodule(nested, { path: 'deep/lib', url: '../lib.git', commit: libCommit });
    const nestedCommit = nested.commit('one', { n: 'n\n' });
    nested.push('main');
    const top = makeRepository(join(place, 'served'), 'top');
    addSubmodule(top, { path: 'nested', url: `${server.url}/nested.git`, commit: nestedCommit });
    addSubmodule(top, { path: 'none', url: '../lib.git', commit: libCommit, update: 'none' });
    addSubmodule(top, { path: 'command', url: '../lib.git', commit: libCommit, update: `!touch ${trap}` });
    for (const [key, value] of [
      ['path', '../../outside'],
      ['url', '../lib.git'],
    ] as const)
      top.git('config', '-f', '.gitmodules', `submodule.../../x.${key}`, value);
    top.commit('one');
    top.push('main');
    const context = dockerfile(
      `ADD ${server.url}/top.git /top`,
      `ADD --keep-git-dir ${server.url}/top.git /kept`,
      'RUN cd /top && find . -type f | sort > /list && find /kept -name lib.txt -o -name .git | sort >> /list; cat /kept/nested/deep/lib/.git >> /list',
    );
    await self.must(['build', '-t', 'nested', context]);
    const listed = await self.must(['run', '--rm', 'nested', 'cat', '/list']);
    expect(listed.split('\n')).toEqual([
      './.gitmodules',
      './command/lib.txt',
      './nested/.gitmodules',
      './nested/deep/lib/lib.txt',
      './nested/n',
      '/kept/.git',
      '/kept/command/.git',
      '/kept/command/lib.txt',
      '/kept/nested/.git',
      '/kept/nested/deep/lib/.git',
      '/kept/nested/deep/lib/lib.txt',
      'gitdir: ../../../.git/modules/nested/modules/deep/lib',
      '',
    ]);
    expect(existsSync(trap)).toBe(false);
  });

  test('nothing of the surroundings has a part in it: variables, configuration, hooks, filters', async () => {
    const home = join(place, 'home');
    const run = `touch ${trap}`;
    const hooks = join(place, 'hooks');
    writeTree(join(place, 'templates/hooks'), { 'post-checkout': `#!/bin/sh\n${run}\n` });
    writeTree(hooks, {
      'post-checkout': `#!/bin/sh\n${run}\n`,
      'reference-transaction': `#!/bin/sh\n${run}\n`,
    });
    for (const file of [
      `${hooks}/post-checkout`,
      `${hooks}/reference-transaction`,
      `${place}/templates/hooks/post-checkout`,
    ])
      Bun.spawnSync(['chmod', '755', file]);
    const config = [
      `[core]\n\thooksPath = ${hooks}\n\tsshCommand = ${run}\n\tfsmonitor = ${run}\n`,
      `[filter "evil"]\n\tsmudge = ${run}\n\trequired = true\n`,
      `[init]\n\ttemplateDir = ${place}/templates\n[credential]\n\thelper = !${run}\n`,
      `[url "file://${place}/nowhere/"]\n\tinsteadOf = ${server.url}/\n`,
    ];
    writeTree(home, { '.gitconfig': config.join('') });
    const filtered = makeRepository(join(place, 'served'), 'filtered');
    filtered.commit('one', { '.gitattributes': '* filter=evil\n', f: 'as it is\n' });
    filtered.push('main');
    const env = {
      HOME: home,
      XDG_CONFIG_HOME: home,
      GIT_CONFIG_GLOBAL: join(home, '.gitconfig'),
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.hooksPath',
      GIT_CONFIG_VALUE_0: hooks,
      GIT_DIR: join(place, 'nowhere'),
      GIT_WORK_TREE: '/etc',
      GIT_INDEX_FILE: join(place, 'index'),
      GIT_TEMPLATE_DIR: join(place, 'templates'),
      GIT_SSH_COMMAND: run,
      GIT_ASKPASS: run,
      SSH_ASKPASS: run,
      GIT_EXEC_PATH: hooks,
      GIT_ALLOW_PROTOCOL: 'ext:file',
      GIT_TRACE: join(place, 'trace'),
    };
    const context = dockerfile(
      `ADD ${server.url}/filtered.git /plain`,
      `ADD --keep-git-dir ${server.url}/filtered.git /kept`,
      'RUN cat /plain/f /kept/f > /both; ls /kept/.git >> /both',
    );
    await self.must(['build', '-t', 'surroundings', context], { env });
    const both = await self.must(['run', '--rm', 'surroundings', 'cat', '/both']);
    expect(both).toStartWith('as it is\nas it is\n');
    expect(both).not.toContain('hooks');
    for (const path of [trap, join(place, 'trace'), join(place, 'index')])
      expect(existsSync(path)).toBe(false);
  });
});

describe('files by HTTP', () => {
  test('HTTP_AUTH_TOKEN and HTTP_AUTH_HEADER go to their host alone, and are kept nowhere', async () => {
    const seen: (string | null)[] = [];
    const files = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      fetch: (request) => {
        seen.push(request.headers.get('authorization'));
        if (new URL(request.url).pathname === '/away') return Response.redirect(`${other.url}/files/x`);
        return new Response('FROM busybox\n');
      },
    });
    try {
      const url = `http://127.0.0.1:${files.port}`;
      const build = (name: string, ...rest: readonly string[]) =>
        self.run(['build', '--secret', `id=${name},env=TOKEN`, ...rest], { env: WITH_TOKEN });
      expect((await build('HTTP_AUTH_TOKEN_127.0.0.1', dockerfile(`ADD ${url}/f /`))).status).toBe(0);
      expect((await build('HTTP_AUTH_HEADER_127.0.0.1', `${url}/Dockerfile`)).status).toBe(0);
      expect((await build('HTTP_AUTH_TOKEN_127.0.0.1', '-f', `${url}/g`, dockerfile())).status).toBe(0);
      expect((await build('HTTP_AUTH_TOKEN_example.com', dockerfile(`ADD ${url}/h /`))).status).toBe(0);
      expect(seen).toEqual([`Bearer ${TOKEN}`, TOKEN, `Bearer ${TOKEN}`, null]);
      other.forget();
      await build('HTTP_AUTH_TOKEN_127.0.0.1', dockerfile(`ADD ${url}/away /`));
      expect(other.seen.map(({ authorization }) => authorization)).toEqual([null]);
      expect(new SecretSearch([TOKEN]).inFiles(self.root)).toEqual([]);
    } finally {
      files.stop(true);
    }
  });
});
