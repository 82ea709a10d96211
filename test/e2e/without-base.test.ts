// What is said of a Dockerfile whose base image nobody here has: `optimize --dry` and `cost` do without it and say so, what
// has to build does not.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Mille, makePlace, mille, removePlace, repeatsCommands } from '../support/mille.ts';

repeatsCommands();

const DOCKERFILE = `FROM nobody/has-python:3
WORKDIR /app
COPY . .
RUN pip install -r requirements.txt
CMD python app.py
`;
const UNKNOWN = /^the image nobody\/has-python:3 is not in the store.*\. Nothing is known of its user,/;

let place = '';
let program: Mille;

beforeAll(async () => {
  place = makePlace('without-base');
  program = await mille(join(place, 'store'));
  mkdirSync(join(place, 'project'));
  for (const [name, text] of [
    ['Dockerfile', DOCKERFILE],
    ['requirements.txt', 'flask\n'],
    ['app.py', 'print()\n'],
  ] as const)
    writeFileSync(join(place, 'project', name), text);
});

afterAll(() => removePlace(place));

describe('a base image that nobody has', () => {
  const project = () => join(place, 'project');

  test('is done without where nothing is built', async () => {
    const { changes, notes, proved } = JSON.parse(
      await program.must(['optimize', '--dry', '--format', 'json', project()]),
    );
    expect(changes.map(({ rewrite }: { rewrite: string }) => rewrite)).toContain('dependencies-first');
    expect(proved).toBe(false);
    expect(notes).toContainEqual(expect.stringMatching(UNKNOWN));
  });
  test('is done without where changes are counted', async () => {
    const { stdout, stderr } = await program.run(['cost', project()]);
    expect(stdout).toContain('Dockerfile:3 COPY . ., then 1 more');
    expect(stderr).toContain('Nothing is known of its user');
  });
  test('is an error with its place where something is to be built', async () => {
    for (const command of [['optimize'], ['build'], ['plan']]) {
      const { status, stderr } = await program.run([...command, project()]);
      expect(status).not.toBe(0);
      expect(stderr).toContain('Dockerfile:1:6');
    }
  });
  test('is an error where a stage was meant', async () => {
    const path = join(place, 'misspelt');
    writeFileSync(path, 'FROM scratch AS builder\nFROM scratch\nCOPY --from=bilder /a /a\n');
    const { status, stderr } = await program.run(['optimize', '--dry', '-f', path, project()]);
    expect(status).not.toBe(0);
    expect(stderr).toContain('did you mean the stage builder?');
  });
});
