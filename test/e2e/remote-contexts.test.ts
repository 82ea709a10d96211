// Contexts and Dockerfiles by HTTP, and archives on standard input, whose rules are the same.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../support/docker.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';

repeatsCommands();

let place = '';
let self: Mille;
let server: ReturnType<typeof Bun.serve>;
let url = '';
let answers: number[] = [];

beforeAll(async () => {
  place = makePlace('remote-contexts');
  self = await mille(join(place, 'store'));
  mkdirSync(join(place, 'served'));
  server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      const file = Bun.file(join(place, 'served', pathname));
      if (!(await file.exists())) return new Response('none', { status: 404 });
      const etag = `"${Bun.hash(await file.arrayBuffer())}"`;
      const same = request.headers.get('if-none-match') === etag;
      answers.push(same ? 304 : 200);
      const headers = { etag, 'last-modified': 'Sun, 09 Sep 2001 01:46:40 GMT' };
      return new Response(same ? null : file, { status: same ? 304 : 200, headers });
    },
  });
  url = `http://127.0.0.1:${server.port}`;
  const tree = join(place, 'tree');
  writeTree(tree, {
    Dockerfile: 'FROM busybox\nCOPY . /ctx/\n',
    'other/Dockerfile': 'FROM busybox\nCOPY other /other/\n',
    'other/linked.Dockerfile': { link: '../../../../Dockerfile' },
    '.dockerignore': '*\n',
    'owned/x': 'x\n',
  });
  command(['chown', '-R', '1234:56', join(tree, 'owned')]);
  command(['chmod', '750', join(tree, 'owned/x')]);
  const pack = (name: string, ...flags: readonly string[]) =>
    command(['tar', '-C', tree, ...flags, '-cf', join(place, 'served', name), '.']);
  pack('context.tar');
  pack('context.tar.gz', '-z');
  pack('context.tar.bz2', '-j');
  pack('context.tar.xz', '-J');
  pack('context.tar.zst', '--zstd');
  writeFileSync(join(place, 'served/Dockerfile'), 'FROM busybox\nCOPY . /ctx/\n');
  writeFileSync(join(place, 'served/copy-owned'), 'FROM busybox\nCOPY owned /from-url/\n');
});

afterAll(() => {
  server.stop(true);
  removePlace(place);
});

const LIST = 'cd /ctx && find . ! -type d | sort | while read -r f; do stat -c "%a %u:%g %n" "$f"; done';

async function inImage(args: readonly string[], script: string, stdin?: Uint8Array): Promise<string> {
  await self.must(['build', '-t', 'remote', ...args], stdin ? { stdin } : {});
  return await self.must(['run', '--rm', 'remote', 'sh', '-c', script]);
}

const LISTED = [
  '644 0:0 ./.dockerignore',
  '644 0:0 ./Dockerfile',
  '644 0:0 ./other/Dockerfile',
  '777 0:0 ./other/linked.Dockerfile',
  '750 1234:56 ./owned/x',
  '',
].join('\n');

describe('an archive', () => {
  test.each(['tar', 'tar.gz', 'tar.bz2', 'tar.xz', 'tar.zst'])(
    '%s, by HTTP and on standard input',
    async (suffix) => {
      if (suffix === 'tar.xz' && !Bun.which('xz')) return console.warn('skipped: xz is not installed');
      if (suffix === 'tar.bz2' && !Bun.which('bzip2')) return console.warn('skipped: bzip2 is not installed');
      const name = `context.${suffix}`;
      // No ignore file counts, and owners are kept, as with Docker.
      expect(await inImage([`${url}/${name}`], LIST)).toBe(LISTED);
      const stdin = await Bun.file(join(place, 'served', name)).bytes();
      expect(await inImage(['-'], LIST, stdin)).toBe(LISTED);
    },
  );

  test('that has not changed is not fetched again', async () => {
    await self.must(['build', `${url}/context.tar`]);
    answers = [];
    const again = await self.build([`${url}/context.tar`]);
    expect(answers).toEqual([304]);
    expect(again.ran).toEqual([]);
    expect(again.output).toMatch(/#1 \[internal\] load remote build context .*\n#1 CACHED/);
  });

  test('-f names a file in it, also a link to one, a file of this machine, or a URL', async () => {
    writeTree(place, { 'own.Dockerfile': 'FROM busybox\nCOPY owned /own/\n' });
    const archive = `${url}/context.tar`;
    const stdin = await Bun.file(join(place, 'served/context.tar')).bytes();
    for (const [context, input] of [
      [archive, undefined],
      ['-', stdin],
    ] as const) {
      const ls = (file: string, path: string) => inImage(['-f', file, context], `ls ${path}`, input);
      expect(await ls('other/Dockerfile', '/other')).toBe('Dockerfile\nlinked.Dockerfile\n');
      expect(await ls('other/linked.Dockerfile', '/ctx/owned')).toBe('x\n');
      expect(await ls(`${url}/copy-owned`, '/from-url')).toBe('x\n');
    }
    expect(await inImage(['-f', join(place, 'own.Dockerfile'), archive], 'ls /own')).toBe('x\n');
    const given = Buffer.from('FROM busybox\nCOPY owned /stdin/\n');
    expect(await inImage(['-f', '-', archive], 'ls /stdin', given)).toBe('x\n');
  });

  test('whose Dockerfile is a link leads nowhere outside', async () => {
    const outside = join(place, 'outside.Dockerfile');
    writeFileSync(outside, 'FROM busybox\nRUN echo from outside > /outside\n');
    const tree = join(place, 'links');
    const pack = (target: string) => {
      command(['rm', '-rf', tree]);
      writeTree(tree, { Dockerfile: { link: target } });
      command(['tar', '-C', tree, '-cf', join(place, 'served/links.tar'), '.']);
    };
    for (const target of [outside, `../../../../../..${outside}`, '/proc/self/environ', 'Dockerfile', '.']) {
      pack(target);
      const { status, stderr } = await self.run(['build', `${url}/links.tar`]);
      expect([status, stderr]).toEqual([10, expect.stringContaining(`no Dockerfile in ${url}/links.tar`)]);
      const piped = await self.run(['build', '-'], {
        stdin: await Bun.file(join(place, 'served/links.tar')).bytes(),
      });
      expect(piped.status).toBe(10);
    }
    expect(await Bun.file(outside).text()).toContain('from outside');
  });

  test('that is damaged says whose it is', async () => {
    const whole = await Bun.file(join(place, 'served/context.tar')).bytes();
    writeFileSync(join(place, 'served/broken.tar'), whole.subarray(0, 700));
    const { status, stderr } = await self.run(['build', `${url}/broken.tar`]);
    expect([status, stderr]).toEqual([41, expect.stringContaining(`error: ${url}/broken.tar: `)]);
  });

  test('gives its time as SOURCE_DATE_EPOCH', async () => {
    await self.must(['build', '-t', 'remote', `${url}/context.tar`], {
      env: { SOURCE_DATE_EPOCH: 'context' },
    });
    const [document] = JSON.parse(await self.must(['inspect', 'remote']));
    expect(document.Created).toBe('2001-09-09T01:46:40.000Z');
  });
});

describe('a Dockerfile', () => {
  test('as the context: it is all that there is, as docker has it', async () => {
    expect(await inImage([`${url}/Dockerfile`], LIST)).toBe('600 0:0 ./context\n');
  });

  test('with a directory: its ignore file counts, and no question is asked of a server twice', async () => {
    const directory = join(place, 'directory');
    writeTree(directory, { 'owned/x': 'mine\n', 'owned/y': '', '.dockerignore': 'owned/y\n' });
    const args = ['-f', `${url}/copy-owned`, directory];
    expect(await inImage(args, 'cd /from-url && ls && cat x')).toBe('x\nmine\n');
    answers = [];
    expect((await self.build(args)).ran).toEqual([]);
    expect(answers).toEqual([304]);
  });

  test('can be checked where it is', async () => {
    writeFileSync(join(place, 'served/casing'), 'from busybox\nRUN true\n');
    const { status, stdout, stderr } = await self.run(['build', '--check', `${url}/casing`]);
    expect([status, stdout + stderr]).toEqual([1, expect.stringContaining('ConsistentInstructionCasing')]);
    const { stdout: targets } = await self.run([
      'build',
      '--call',
      'targets',
      '-f',
      `${url}/copy-owned`,
      place,
    ]);
    expect(targets).toContain('default');
  });

  test('is no larger than a Dockerfile may be', async () => {
    writeFileSync(join(place, 'served/huge'), Buffer.alloc(5 * 1024 * 1024, '#'));
    const { status, stderr } = await self.run(['build', '-f', `${url}/huge`, place]);
    expect([status, stderr]).toEqual([60, expect.stringContaining('it has more than 4194304 bytes')]);
    for (const [args, stdin] of [
      [[`${url}/huge`], undefined],
      [['-'], Buffer.alloc(5 * 1024 * 1024, '#')],
    ] as const) {
      const refused = await self.run(['build', ...args], stdin ? { stdin } : {});
      expect([refused.status, refused.stderr]).toEqual([
        12,
        expect.stringContaining('is larger than 4194304 bytes'),
      ]);
    }
  });
});
