// Which files of a directory are Dockerfiles.

import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findFile, findFiles } from './find-files.ts';

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

test('where one is meant, a directory means its Dockerfile', () => {
  const at = (name: string, files: readonly string[]) => {
    mkdirSync(join(directory, name), { recursive: true });
    for (const file of files) {
      mkdirSync(dirname(join(directory, name, file)), { recursive: true });
      writeFileSync(join(directory, name, file), '');
    }
    return findFile(`${directory}/${name}/`).map((file) => file.slice(directory.length + name.length + 2));
  };
  expect(at('one-a', ['Dockerfile', 'Dockerfile.naive', 'app/Dockerfile'])).toEqual(['Dockerfile']);
  expect(at('one-b', ['dockerfile', 'a.Dockerfile'])).toEqual(['dockerfile']);
  expect(at('one-c', ['Dockerfile.a', 'app/Dockerfile'])).toEqual(['Dockerfile.a', 'app/Dockerfile']);
  expect(at('one-d', ['app/Dockerfile'])).toEqual(['app/Dockerfile']);
  expect(findFile(`${directory}/one-a/Dockerfile.naive`)).toEqual([`${directory}/one-a/Dockerfile.naive`]);
});
