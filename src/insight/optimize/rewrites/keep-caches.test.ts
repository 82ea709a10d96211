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

test('of yarn 2 and newer where what it unpacked lies in node_modules', () => {
  const before = 'FROM base\nWORKDIR /app\nCOPY . .\nRUN yarn install --immutable\n';
  const made = (left: string) => {
    const layer = { 'root/.yarn/berry/cache/a.zip': 4_000_000, [left]: 400 };
    const { draft, around } = evidenceFor({
      ...{ before, after: '', context: { 'package.json': 1, 'a.js': 1 } },
      steps: { 4: { seconds: 30, layer } },
    });
    return propose(draft, around, { rewrites: [keepCaches] }).draft.source.text;
  };
  expect(made('app/node_modules/.yarn-state.yml')).toBe(
    before.replace('yarn install', '--mount=type=cache,target=/root/.yarn/berry yarn install'),
  );
  // Programs run out of the archives then.
  expect(made('app/.pnp.cjs')).toBe(before);
});

const PLACE = 'srv/a.js';
const EMPTIED: readonly (readonly [string, string, string])[] = [
  [
    'npm',
    'RUN npm install && npm cache clean --force',
    'RUN --mount=type=cache,target=/root/.npm npm install',
  ],
  [
    'npm, by rm',
    'RUN npm ci && rm -rf ~/.npm /tmp/x',
    'RUN --mount=type=cache,target=/root/.npm npm ci && rm -rf /tmp/x',
  ],
  ['yarn', 'RUN yarn && yarn cache clean', 'RUN --mount=type=cache,target=/usr/local/share/.cache/yarn yarn'],
  [
    'pip',
    'RUN pip install a; pip cache purge',
    'RUN --mount=type=cache,target=/root/.cache/pip pip install a',
  ],
  [
    'pip as a module',
    'RUN python3 -m pip install a && python3 -m pip cache purge',
    'RUN --mount=type=cache,target=/root/.cache/pip python3 -m pip install a',
  ],
  ['uv', 'RUN uv sync && uv cache clean', 'RUN --mount=type=cache,target=/root/.cache/uv uv sync'],
  [
    'what is above it',
    'RUN pip install a && rm -r /root/.cache',
    'RUN --mount=type=cache,target=/root/.cache/pip pip install a',
  ],
  [
    'go, of which there are two',
    'ENV GOPATH=/go\nRUN go build && go clean -cache -modcache',
    'ENV GOPATH=/go\nRUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build go build',
  ],
];
for (const [what, lines, after] of EMPTIED)
  test(`what a RUN empties again is kept from build to build: ${what}`, () => {
    const before = `FROM base\nCOPY . .\n${lines}\n`;
    const line = before.split('\n').findIndex((one) => one.startsWith('RUN')) + 1;
    expect(rewritten(before, { [line]: PLACE })).toBe(`FROM base\nCOPY . .\n${after}\n`);
  });

const KEPT: readonly (readonly [string, string, string])[] = [
  ['nothing was left of it', 'RUN npm ci', 'srv/node_modules/a.js'],
  ['the user is another one', 'USER node\nRUN npm ci', NPM],
  ['what is left of it is no more than a log', 'RUN npm ci', 'root/.npm/_logs/a.log'],
  ['it is elsewhere', 'ENV npm_config_cache=/c\nRUN npm ci && npm cache clean --force', PLACE],
  ['it is emptied by another step', 'RUN npm ci\nRUN npm cache clean --force', PLACE],
  ['it is emptied for somebody else', 'USER node\nRUN npm ci && npm cache clean --force', PLACE],
  ['it is emptied where something fails', 'RUN npm ci || npm cache clean --force', PLACE],
  [
    'what empties it has a mount',
    'RUN --mount=type=cache,target=/root npm ci && npm cache clean --force',
    PLACE,
  ],
  ['a pattern empties it', 'RUN npm ci && rm -rf /root/.n*', NPM],
  ['nothing fills it', 'RUN npm run build && npm cache clean --force', PLACE],
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

test('of Poetry with all directories above it that its own step made', () => {
  const before =
    'FROM base\nRUN pip install poetry\nCOPY . .\nRUN poetry install --no-root\nRUN touch /root/.cache/a\n';
  const steps = {
    2: { seconds: 30, layer: { 'root/.bashrc': 1 } },
    4: {
      seconds: 30,
      layer: {
        'root/.cache/pypoetry/artifacts/a.whl': 4_000_000,
        'root/.cache/pypoetry/cache/b': 4_000_000,
      },
    },
  };
  const { draft, around } = evidenceFor({ before, after: '', context: { 'pyproject.toml': 1 }, steps });
  const { applied } = propose(draft, around, { rewrites: [keepCaches] });
  expect(applied.flatMap(({ proposal }) => proposal.allows)).toEqual([
    { what: 'files', change: 'removed', below: 'root/.cache/pypoetry/artifacts' },
    { what: 'files', change: 'removed', below: 'root/.cache/pypoetry/cache' },
    {
      ...{ what: 'paths', change: 'removed', of: 'directories that held nothing else', emptied: true },
      paths: ['root/.cache', 'root/.cache/pypoetry'],
    },
  ]);
});
