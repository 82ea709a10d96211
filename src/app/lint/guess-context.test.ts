import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inspectDockerfile } from '../../lang/dockerfile/index.ts';
import { guessContext } from './guess-context.ts';

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'mille-guess-'));
  for (const path of ['outside', 'repo/.git/HEAD', 'repo/package.json', 'repo/docker/app/start.sh']) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
  }
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

function guess(text: string, home: string) {
  const { dockerfile } = inspectDockerfile({ name: 'Dockerfile', text: `FROM a\n${text}` });
  const { directory, sure } = guessContext(dockerfile, join(root, home));
  return [directory.slice(root.length + 1), sure];
}

test.each([
  ['COPY . .', 'repo/docker/app', 'repo/docker/app', true],
  ['COPY start.sh /', 'repo/docker/app', 'repo/docker/app', true],
  ['COPY package.json docker/app/start.sh /', 'repo/docker/app', 'repo', true],
  ['COPY package.json pakage.lock /', 'repo', 'repo', true],
  ['COPY package.json missing /', 'repo/docker/app', 'repo', true],
  ['COPY outside /', 'repo/docker/app', 'repo/docker/app', false],
  ['COPY --from=b start.sh /\nADD https://x/y /\nCOPY $A *.x /', 'repo/docker/app', 'repo/docker/app', true],
])('%s in %s', (text, home, directory, sure) => {
  expect(guess(text, home)).toEqual([directory, sure]);
});
