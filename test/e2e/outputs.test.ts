// Where a build's result goes, and where its context and Dockerfile come from: `-o`, `--iidfile`, standard input.

import { afterAll, beforeAll, expect, test } from 'bun:test';
import { existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../support/docker.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';

repeatsCommands();

let place = '';
let self: Mille;
let context = '';

const DOCKERFILE = `FROM busybox
COPY a.txt /app/
RUN ln -s a.txt /app/link && ln /app/a.txt /app/hard && chmod 4755 /app/a.txt && mkfifo /app/pipe
CMD ["cat", "/app/a.txt"]
`;

beforeAll(async () => {
  place = makePlace('outputs');
  self = await mille(join(place, 'store'));
  context = join(place, 'context');
  writeTree(context, { Dockerfile: DOCKERFILE, 'a.txt': 'content\n' });
});

afterAll(() => removePlace(place));

function listing(archive: string): string[] {
  return command(['tar', 'tvf', archive]).stdout.toString().trim().split('\n');
}

test('-o type=tar holds the files, modes and links, and names nothing in the store', async () => {
  const tar = join(place, 'files.tar');
  await self.must(['build', '-o', `type=tar,dest=${tar}`, context]);
  const lines = listing(tar);
  expect(lines.some((line) => /^-rwsr-xr-x 0\/0 .* app\/a\.txt$/.test(line))).toBe(true);
  expect(lines.some((line) => /^lrwxrwxrwx .* app\/link -> a\.txt$/.test(line))).toBe(true);
  expect(lines.some((line) => /app\/hard link to app\/a\.txt$/.test(line))).toBe(true);
  expect((await self.must(['images', '-q'])).trim().split('\n')).toHaveLength(1);
});

test('-o - writes the tar to standard output and nothing else', async () => {
  const child = Bun.spawnSync([...self.command, 'build', '-o', '-', context], {
    env: { ...process.env, ...self.env },
  });
  const tar = join(place, 'stdout.tar');
  writeFileSync(tar, child.stdout);
  expect(listing(tar).some((line) => line.endsWith('app/a.txt'))).toBe(true);
});

test('-o DIRECTORY writes the files over what is there, never through a link that leads out', async () => {
  const out = join(place, 'out');
  const outside = join(place, 'outside');
  mkdirSync(outside);
  writeTree(out, { app: { link: outside }, kept: 'kept' });
  await self.must(['build', '-o', out, context]);
  expect(readFileSync(join(out, 'app/a.txt'), 'utf8')).toBe('content\n');
  expect(readlinkSync(join(out, 'app/link'))).toBe('a.txt');
  expect(lstatSync(join(out, 'app/a.txt')).nlink).toBe(2);
  expect(readFileSync(join(out, 'kept'), 'utf8')).toBe('kept');
  expect(existsSync(join(outside, 'a.txt'))).toBe(false);
});

test('-o type=oci and type=docker are archives that load again', async () => {
  for (const type of ['oci', 'docker']) {
    const archive = join(place, `${type}.tar`);
    await self.must(['build', '-t', `again-${type}`, '-o', `type=${type},dest=${archive}`, context]);
    expect((await self.run(['inspect', `again-${type}`])).status).not.toBe(0);
    await self.must(['load', '-i', archive]);
    expect(await self.must(['run', '--rm', `again-${type}`])).toBe('content\n');
  }
});

test('several names, --iidfile and -q name one image', async () => {
  const file = join(place, 'id');
  const id = (
    await self.must(['build', '-q', '-t', 'one', '-t', 'two:2', '--iidfile', file, context])
  ).trim();
  expect(readFileSync(file, 'utf8').trim()).toBe(id);
  for (const name of ['one:latest', 'two:2']) {
    expect(JSON.parse(await self.must(['inspect', name]))[0].Id).toBe(id);
  }
});

test('a tar on standard input is context and Dockerfile', async () => {
  for (const flag of ['-c', '-cz']) {
    const tar = command(['tar', flag, '-C', context, '.']).stdout;
    await self.must(['build', '-t', 'piped', '-'], { stdin: tar });
    expect(await self.must(['run', '--rm', 'piped'])).toBe('content\n');
  }
});

test('a Dockerfile on standard input: alone, or with a directory as context', async () => {
  const text = 'FROM busybox\nRUN echo alone > /x\nCMD ["cat", "/x"]\n';
  await self.must(['build', '-t', 'alone', '-'], { stdin: Buffer.from(text) });
  expect(await self.must(['run', '--rm', 'alone'])).toBe('alone\n');
  const copying = 'FROM busybox\nCOPY a.txt /b\nCMD ["cat", "/b"]\n';
  await self.must(['build', '-t', 'both', '-f', '-', context], { stdin: Buffer.from(copying) });
  expect(await self.must(['run', '--rm', 'both'])).toBe('content\n');
  const none = await self.run(['build', '-'], { stdin: Buffer.from(copying) });
  expect(none.status).toBe(15);
  expect(none.stderr).toContain('the Dockerfile came from standard input, so there is no context');
});

test('labels, build arguments and target', async () => {
  const directory = join(place, 'stages');
  writeTree(directory, {
    Dockerfile: 'ARG V=0\nFROM busybox AS first\nARG V=1\nENV V=$V\nFROM first AS second\nRUN false\n',
  });
  await self.must([
    'build',
    '-t',
    'target',
    '--target',
    'FIRST',
    '--build-arg',
    'V=7',
    '--label',
    'a=b',
    directory,
  ]);
  const [image] = JSON.parse(await self.must(['inspect', 'target']));
  expect(image.Config.Labels).toEqual({ a: 'b' });
  expect(image.Config.Env).toContain('V=7');
});
