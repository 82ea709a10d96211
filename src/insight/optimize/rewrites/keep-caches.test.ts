// Which RUN gets a cache mount, and which does not.

import { expect, test } from 'bun:test';
import { evidenceFor } from '../evidence-for.ts';
import { propose } from '../index.ts';
import { keepCaches } from './keep-caches.ts';

function rewritten(before: string, layers: Readonly<Record<number, string>>): string {
  const steps = Object.fromEntries(
    Object.entries(layers).map(([line, path]) => [line, { seconds: 30, layer: { [path]: 4_000_000 } }]),
  );
  const context = { 'package.json': 1, 'requirements.txt': 1, 'pom.xml': 1, 'a.js': 1 };
  const { draft, around } = evidenceFor({ before, after: '', context, steps });
  return propose(draft, around, { rewrites: [keepCaches] }).draft.source.text;
}

const NPM = 'root/.npm/_cacache/a';

test('what installs has the mount, what only runs has not', () => {
  const before = 'FROM base\nCOPY . .\nRUN npm ci\nRUN npm run build\n';
  expect(rewritten(before, { 3: NPM })).toBe(
    before.replace('npm ci', '--mount=type=cache,target=/root/.npm npm ci'),
  );
});

test('of uv too, which copies out of a mount what it would link to otherwise', () => {
  const before = 'FROM base\nCOPY . .\nRUN uv sync --frozen\n';
  expect(rewritten(before, { 3: 'root/.cache/uv/archive-v0/a/b.py' })).toBe(
    before.replace('uv sync', '--mount=type=cache,target=/root/.cache/uv uv sync'),
  );
});

const KEPT: readonly (readonly [string, string, string])[] = [
  ['nothing was left of it', 'RUN npm ci', 'srv/node_modules/a.js'],
  ['the user is another one', 'USER node\nRUN npm ci', NPM],
  ['it is removed again', 'RUN npm ci && rm -rf /root/.npm', NPM],
  ['npm empties it again', 'RUN npm install && npm cache clean --force', NPM],
  ['yarn empties it again', 'RUN yarn && yarn cache clean', 'root/.cache/yarn/v6/a'],
  ['pip empties it again', 'RUN pip install a; pip cache purge', 'root/.cache/pip/a'],
  ['pip empties it as a module', 'RUN pip install a; python3 -m pip cache purge', 'root/.cache/pip/a'],
  ['go empties it again', 'RUN go build && go clean -cache -modcache', 'root/.cache/go-build/a'],
  ['uv empties it again', 'RUN uv sync && uv cache clean', 'root/.cache/uv/a'],
  ['Composer empties it again', 'RUN composer install && composer clear-cache', 'root/.composer/cache/a'],
  ['what is left of it is no more than a log', 'RUN npm ci', 'root/.npm/_logs/a.log'],
  ['it has a mount already', 'RUN --mount=type=cache,target=/root/.npm npm ci', NPM],
  ['it must be filled by an earlier step', 'RUN mvn -o package', 'root/.m2/repository/a.jar'],
  ['nothing is kept', 'RUN uv sync --no-cache', 'root/.cache/uv/a'],
  ['containers use it', 'RUN mvn package\nCMD ["mvn", "spring-boot:run"]', 'root/.m2/repository/a.jar'],
];
for (const [why, lines, path] of KEPT)
  test(`nothing is proposed where ${why}`, () => {
    const before = `FROM base\nCOPY . .\n${lines}\n`;
    const line = before.split('\n').findIndex((one) => one.startsWith('RUN')) + 1;
    expect(rewritten(before, { [line]: path })).toBe(before);
  });
