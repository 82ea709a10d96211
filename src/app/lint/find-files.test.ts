// Which files of a directory are Dockerfiles.

import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findFiles } from './find-files.ts';

const directory = mkdtempSync(join(tmpdir(), 'mille-find-'));
const FOUND = [
  'Containerfile',
  'Dockerfile',
  'Dockerfile.prod',
  'app.Dockerfile',
  'dockerfile',
  'b/c/Dockerfile-dev',
];
const OTHERS = [
  ...['Dockerfile.dockerignore', 'Dockerfile.md', 'Dockerfile~', 'Dockerfile.j2', 'my-Dockerfile-notes'],
  ...['node_modules/x/Dockerfile', '.git/Dockerfile', 'dockerfiles/readme'],
];

beforeAll(() => {
  for (const path of [...FOUND, ...OTHERS]) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), 'FROM scratch\n');
  }
  mkdirSync(join(directory, 'd/Dockerfile'), { recursive: true });
  symlinkSync('..', join(directory, 'b/up'));
});
afterAll(() => rmSync(directory, { recursive: true }));

test('those with the names of Dockerfiles, and no others', () => {
  expect(findFiles([directory])).toEqual(FOUND.map((path) => join(directory, path)));
  expect(findFiles([`${directory}/b/`, '-', `${directory}/b`])).toEqual([
    `${directory}/b/c/Dockerfile-dev`,
    '-',
  ]);
});

test('a file is taken whatever it is called', () => {
  expect(findFiles([`${directory}/Dockerfile.md`])).toEqual([`${directory}/Dockerfile.md`]);
});

test('a Dockerfile that is not there may be called dockerfile, as for a build', () => {
  mkdirSync(join(directory, 'lower/up/dockerfile'), { recursive: true });
  writeFileSync(join(directory, 'lower/dockerfile'), 'FROM scratch\n');
  expect(findFiles([`${directory}/lower/Dockerfile`])).toEqual([`${directory}/lower/dockerfile`]);
  expect(() => findFiles([`${directory}/lower/up/Dockerfile`])).toThrow('no such file');
});

test('what is not there is an error, and so is a directory without any', () => {
  expect(() => findFiles([`${directory}/x`])).toThrow('no such file');
  expect(() => findFiles([''])).toThrow('no such file');
  expect(() => findFiles([`${directory}/dockerfiles`])).toThrow('no Dockerfile in');
});
