// What a build and a run say of secrets that are about to get where they do not belong; the ways that docs/secrets.md
// shows, as it shows them; and a value that goes through all of it and is nowhere but where it was put.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBusybox } from '../../src/testkit/index.ts';
import { SecretSearch } from '../support/find-secret.ts';
import { type Mille, makePlace, mille, removePlace, writeTree } from '../support/mille.ts';

const ready = process.getuid?.() === 0 && findBusybox() !== undefined;
if (!ready) console.warn('tests of secrets at build and run skipped: they need root and busybox-static');

const random = () => crypto.randomUUID().replaceAll('-', '');
const token = () => `ghp_${`aB3dE${random()}`.slice(0, 36)}`;

describe.skipIf(!ready)('secrets', () => {
  let place = '';
  let self: Mille;
  beforeAll(async () => {
    place = makePlace('secret-build');
    self = await mille(join(place, 'store'));
  });
  afterAll(() => removePlace(place));

  const build = (context: string, ...args: readonly string[]) =>
    self.run(['build', '--progress', 'plain', ...args, context]);
  const warningsIn = (text: string) =>
    text.split('\n').flatMap((line) => (/^warning: (.*)$/.exec(line)?.[1] ?? []) as string | never[]);

  describe('copied into a layer', () => {
    const secret = token();
    let context = '';
    beforeAll(() => {
      context = join(place, 'copied');
      writeTree(context, {
        Dockerfile: 'FROM busybox\nWORKDIR /app\nCOPY . .\n',
        'src/main.c': 'int main() {}\n',
        'conf/.env': `A=1\nAPI_TOKEN=${secret}\n`,
        'test/fixtures/other.txt': token(),
      });
    });

    test('are a warning at their instruction, told again where the step is found', async () => {
      const first = await build(context);
      expect(first.status).toBe(0);
      const expected = [
        'a secret gets into a layer: conf/.env:2 (API_TOKEN) holds a token of GitHub, ghp_…(40 characters) (Dockerfile:3:1)',
        'a secret gets into a layer: test/fixtures/other.txt:1 holds a token of GitHub, ghp_…(40 characters) (Dockerfile:3:1)',
      ];
      const without = (text: string) => warningsIn(text).map((line) => line.replace(' (API_TOKEN)', ''));
      expect(without(first.stderr)).toEqual(expected.map((line) => line.replace(' (API_TOKEN)', '')));
      const again = await build(context);
      expect(again.stderr).toContain('CACHED');
      expect(warningsIn(again.stderr)).toEqual(warningsIn(first.stderr));
      expect(new SecretSearch([secret]).isIn(first.stderr + again.stderr)).toBe(false);
    });

    test('are an error with --secrets=error, found in the cache or not, and nothing is written', async () => {
      const fresh = await mille(join(place, 'strict'));
      for (const other of [self, fresh]) {
        const { status, stderr } = await other.run([
          'build',
          '--secrets=error',
          '--progress',
          'plain',
          context,
        ]);
        expect(status).toBe(37);
        expect(stderr).toContain('error: a secret gets into a layer: conf/.env:2');
        expect(stderr).toContain('Dockerfile:3:1');
      }
      expect(new SecretSearch([secret]).inFiles(fresh.root)).toEqual([]);
    });

    test('pass where they are allowed, and nobody looks with --secrets=off', async () => {
      const allowed = ['--secrets=error', '--secrets-allow', 'conf/.env,test/fixtures/**'];
      expect((await build(context, ...allowed)).status).toBe(0);
      expect(warningsIn((await build(context, '--secrets=off')).stderr)).toEqual([]);
      const { status, stderr } = await self.run(['build', '--progress', 'plain', context], {
        env: { MILLE_SECRETS: 'error' },
      });
      expect(status).toBe(37);
      expect(stderr).toContain('--secrets-allow');
      writeFileSync(join(context, '.millesecrets'), '# made up\n.env\ntest/fixtures\n');
      expect((await build(context, '--secrets=error')).status).toBe(0);
    });

    test('of files that are not new are not looked for again, new ones are', async () => {
      const many = join(place, 'many');
      writeTree(many, { Dockerfile: 'FROM busybox\nCOPY . /app/\n', 'a.txt': 'nothing\n' });
      expect(warningsIn((await build(many)).stderr)).toEqual([]);
      writeTree(many, { 'b.txt': token() });
      expect(warningsIn((await build(many)).stderr)).toHaveLength(1);
    });
  });

  test('given as ARG, as ENV, as build argument, in commands', async () => {
    const context = join(place, 'variables');
    const values = [token(), token(), token(), random()];
    writeTree(context, {
      Dockerfile: `FROM busybox\nARG SETTING\nARG OTHER=${values[0]}\nENV VALUE=${values[1]}\nRUN echo -u bob:${values[3]} curl\nRUN --mount=type=secret,id=x true\n`,
    });
    const given = ['--build-arg', `SETTING=${values[2]}`, '--secret', 'id=x,env=HOME'];
    const { status, stderr } = await build(context, ...given);
    expect(status).toBe(0);
    const places = warningsIn(stderr).map((line) => /\((Dockerfile:\d+:\d+)\)$/.exec(line)?.[1]);
    expect(places).toEqual(['Dockerfile:3:11', 'Dockerfile:4:11', 'Dockerfile:5:17', 'Dockerfile:2:5']);
    for (const line of warningsIn(stderr)) expect(new SecretSearch(values).isIn(line)).toBe(false);
    const strict = await build(context, '--secrets=error', ...given);
    expect(strict.status).toBe(37);
    expect(new SecretSearch(values).isIn(strict.stderr)).toBe(false);
    const allowed = ['--secrets-allow', 'OTHER,VALUE,SETTING,command'];
    expect((await build(context, '--secrets=error', ...allowed, ...given)).status).toBe(0);
  });

  test('on the command line of run', async () => {
    const run = (...args: readonly string[]) => self.run(['run', '--rm', ...args, 'busybox', 'true']);
    const { status, stderr } = await run(
      '-e',
      `API_TOKEN=${random()}`,
      '-e',
      'DEBUG=1',
      '-e',
      `X=${token()}`,
    );
    expect(status).toBe(0);
    expect(stderr).toMatch(/^warning: -e API_TOKEN=…, -e X=…: .*history.*processes.*--env-file.*\n$/);
    expect((await run('-q', '-e', `API_TOKEN=${random()}`)).stderr).toBe('');
    expect((await run('-e', 'API_TOKEN', '-e', 'MODE=fast')).stderr).toBe('');
  });

  test('the ways that the documentation shows work as it shows them', async () => {
    const text = readFileSync(join(import.meta.dir, '../../docs/secrets.md'), 'utf8');
    const ways = [...text.matchAll(/```sh\n(.*?)```/gs)].map(([, lines]) => lines!);
    expect(ways).toHaveLength(4);
    const directory = join(place, 'ways');
    const secret = token();
    writeTree(directory, {
      'token.txt': secret,
      '.env': `API_TOKEN=${secret}\n`,
      '.dockerignore': '.env*\ntoken.txt\n',
    });
    // `mille` as a word of the shell's.
    const bin = join(place, 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'mille'), `#!/bin/sh\nexec ${self.command.join(' ')} "$@"\n`);
    chmodSync(join(bin, 'mille'), 0o755);
    const said: string[] = [];
    // The build comes last on the page and first here: it makes the image.
    for (const lines of [ways[3]!, ...ways.slice(0, 3)]) {
      const child = Bun.spawn(['sh', '-euc', lines], {
        cwd: directory,
        env: { ...process.env, ...self.env, PATH: `${bin}:${process.env.PATH}` },
        stdin: 'ignore',
        stdout: 'pipe',
        stderr: 'pipe',
      });
      const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
      expect({ lines, status: await child.exited, err }).toMatchObject({ status: 0 });
      said.push(err);
      if (lines.includes('cat /run')) expect(out).toContain(secret);
      else said.push(out);
    }
    const search = new SecretSearch([secret]);
    expect(search.isIn(said.join('\n'))).toBe(false);
    expect(search.inFiles(self.root)).toEqual([]);
    expect(warningsIn(said.join('\n'))).toEqual([]);
    expect((await self.run(['secrets', 'app'])).status).toBe(0);
  });

  test('a value is nowhere but where it was put', async () => {
    const canary = await mille(join(place, 'canary'));
    const context = join(place, 'canary-context');
    // In a file that a layer gets, in a build argument, in a variable of a container, in a mount of a build.
    const [inFile, inArgument, inRun, inMount] = [token(), token(), token(), token()];
    writeTree(context, {
      Dockerfile:
        'FROM busybox\nARG API_TOKEN\nCOPY . /app\nRUN --mount=type=secret,id=t,env=T true\nRUN false\n',
      'a.env': `TOKEN=${inFile}\n`,
    });
    const said: string[] = [];
    const note = async (...args: readonly string[]) => {
      const { stdout, stderr } = await canary.run(args, { cwd: context, env: { MOUNTED: inMount } });
      said.push(stdout, stderr);
    };
    const build = ['build', '--build-arg', `API_TOKEN=${inArgument}`, '--secret', 'id=t,env=MOUNTED', '.'];
    await note(...build, '--progress', 'json');
    await note(...build, '--progress', 'plain', '--secrets=error');
    writeFileSync(
      join(context, 'Dockerfile'),
      readFileSync(join(context, 'Dockerfile'), 'utf8').replace('RUN false\n', ''),
    );
    await note(...build, '-t', 'canary');
    await note('run', '--rm', '-e', `API_TOKEN=${inRun}`, 'canary', 'nothing-of-that-name');
    for (const format of ['text', 'json', 'sarif'])
      for (const subject of ['canary', '.'])
        await note('secrets', '--format', format, '--severity', 'info', subject);
    await note('why');
    await note('history', '--no-trunc', 'busybox');
    expect(said.join('\n')).toContain('a token of GitHub');
    const all = new SecretSearch([inFile, inArgument, inRun, inMount]);
    expect(said.filter((text) => all.isIn(text))).toEqual([]);
    // Of the store, where it was put: a layer has the file, a config the argument.
    expect(new SecretSearch([inRun, inMount]).inFiles(canary.root)).toEqual([]);
    const layers = new SecretSearch([inFile]).inFiles(canary.root);
    expect(layers.filter((path) => !/\/(?:blobs\/sha256|layers|l)\//.test(path))).toEqual([]);
    const configs = new SecretSearch([inArgument]).inFiles(canary.root);
    expect(configs.filter((path) => !/\/blobs\/sha256\//.test(path))).toEqual([]);
  }, 120_000);
});
