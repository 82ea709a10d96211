// `mille optimize` of a Node project whose image has its development dependencies, with a base on which npm is a few lines of
// shell, so that nothing is fetched.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { busyboxBase } from '../support/base-images.ts';
import { type Mille, makePlace, mille, removePlace, writeTree } from '../support/mille.ts';
import { builtByBoth } from '../support/proposed-in-docker.ts';

const ready = process.getuid?.() === 0;
if (!ready) console.warn('tests of production dependencies skipped: they need root');
const long = process.env.MILLE_LONG_TESTS !== undefined;
const base = ready ? await busyboxBase() : undefined;

/** Installs a package to run with, and, unless it is told otherwise, a large one to build with; runs that. */
const NPM = `#!/bin/sh
if [ "$1" = run ]; then exec node_modules/.bin/pack src/main.js; fi
mkdir -p node_modules/.bin node_modules/greet /root/.npm/_cacache
echo 'echo hello' >node_modules/greet/index.js
record='"node_modules/greet": {}'
if [ "$2" != --omit=dev ]; then
  mkdir node_modules/pack
  { echo '#!/bin/sh'; echo 'mkdir -p dist && cat $1 >dist/main.js'; echo 'exit 0'; head -c 2000000 /dev/zero; } >node_modules/pack/pack
  chmod 755 node_modules/pack/pack
  ln -s ../pack/pack node_modules/.bin/pack
  echo pack >/root/.npm/_cacache/pack
  record="$record, \\"node_modules/pack\\": { \\"dev\\": true, \\"bin\\": { \\"pack\\": \\"pack\\" } }"
else rmdir node_modules/.bin
fi
echo "{ \\"packages\\": { $record } }" >node_modules/.package-lock.json
`;

/** What yarn 1 leaves: no word of what is there for development. */
const YARN = `#!/bin/sh
mkdir -p node_modules/greet
echo '{ "name": "greet" }' >node_modules/greet/package.json
echo 'echo hello' >node_modules/greet/index.js
if [ "$2" != --production ]; then
  mkdir -p node_modules/.bin node_modules/pack /root/.config/configstore
  echo '{ "name": "pack", "bin": { "pack": "pack" } }' >node_modules/pack/package.json
  head -c 2000000 /dev/zero >node_modules/pack/pack
  ln -s ../pack/pack node_modules/.bin/pack
  echo '{}' >/root/.config/configstore/update-notifier-pack.json
fi
echo "{ \\"arguments\\": \\"$*\\" }" >node_modules/.yarn-integrity
`;

/** The same of pnpm, which keeps packages in a store and writes scripts in the place of links. */
const PNPM = `#!/bin/sh
store() {
  mkdir -p node_modules/.pnpm/$1@1.0.0/node_modules/$1
  echo "{ \\"name\\": \\"$1\\", \\"bin\\": \\"$1\\" }" >node_modules/.pnpm/$1@1.0.0/node_modules/$1/package.json
  echo 'echo hello' >node_modules/.pnpm/$1@1.0.0/node_modules/$1/index.js
}
store greet && ln -s .pnpm/greet@1.0.0/node_modules/greet node_modules/greet
if [ "$2" != --prod ]; then
  store pack && store deep
  head -c 2000000 /dev/zero >node_modules/.pnpm/deep@1.0.0/node_modules/deep/deep
  ln -s .pnpm/pack@1.0.0/node_modules/pack node_modules/pack
  ln -s ../../deep@1.0.0/node_modules/deep node_modules/.pnpm/pack@1.0.0/node_modules/deep
  mkdir -p node_modules/.bin && echo '#!/bin/sh' >node_modules/.bin/pack
fi
echo "arguments: $*" >node_modules/.modules.yaml
`;

interface Result {
  readonly changes: readonly {
    readonly rewrite: string;
    readonly title: string;
    readonly outcome: string;
    readonly refusal?: { readonly checks?: readonly { readonly outcome: string }[] };
  }[];
  readonly proof: {
    readonly allowed: readonly { readonly allowance: { readonly change: string }; readonly paths: number }[];
  };
  readonly checks: readonly { readonly outcome: string }[];
}

let place = '';
let program: Mille;

beforeAll(async () => {
  if (!base) return;
  place = makePlace('production');
  program = await mille(join(place, 'store'));
  await program.must(['load', '-q', '-i', base.path]);
  writeTree(join(place, 'base'), {
    Dockerfile: `FROM ${base.name}\nCOPY --chmod=0755 npm yarn pnpm /bin/\n`,
    ...{ npm: NPM, yarn: YARN, pnpm: PNPM },
  });
  await program.build(['-t', 'npm-base', join(place, 'base')]);
}, 120_000);

afterAll(() => removePlace(place));

function project(name: string, lines: string, main: string): string {
  const directory = join(place, name);
  writeTree(directory, {
    Dockerfile: `FROM npm-base\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci\nCOPY . .\n${lines}`,
    '.dockerignore': 'Dockerfile\n.dockerignore\n',
    'package.json': '{ "scripts": { "build": "pack" } }\n',
    'src/main.js': `${main}\n`,
  });
  return directory;
}

async function optimize(directory: string): Promise<Result> {
  const flags = ['--only', 'production-dependencies', '--format', 'json', '-q', '--write'];
  return JSON.parse(await program.must(['optimize', ...flags, directory]));
}

const textOf = (directory: string) => readFileSync(join(directory, 'Dockerfile'), 'utf8');

describe.skipIf(!base)('development dependencies', () => {
  test('build in a stage of their own, proved', async () => {
    const directory = project(
      'built',
      'RUN npm run build\nCMD ["sh", "dist/main.js"]\n',
      '. node_modules/greet/index.js',
    );
    const result = await optimize(directory);
    expect(textOf(directory)).toBe(
      'FROM npm-base AS build\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\n\n' +
        'FROM npm-base\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci --omit=dev\nCOPY . .\n' +
        'COPY --from=build /app/dist /app/dist\nCMD ["sh", "dist/main.js"]\n',
    );
    expect(result.changes.map(({ outcome }) => outcome)).toEqual(['proved']);
    // The package, its program, the link to that and its directory; npm's record; what npm's cache has of it.
    expect(result.proof.allowed.map(({ allowance, paths }) => [allowance.change, paths])).toEqual([
      ['removed', 4],
      ['changed', 1],
      ['removed', 1],
    ]);
    expect(result.checks.map(({ outcome }) => outcome)).toEqual(['alike']);
    // A second time there is nothing left to do; that takes as long again.
    if (long) expect((await optimize(directory)).changes).toEqual([]);
    const both = await builtByBoth(program, { context: directory, bases: ['npm-base'], place });
    expect(both?.ours).toEqual(both?.theirs);
  }, 240_000);

  test.skipIf(!long)(
    'stay where the program starts one by a name that it makes up',
    async () => {
      const main = 'name=pa; exec node_modules/.bin/$' + '{name}ck src/main.js';
      const directory = project('late', 'CMD ["sh", "src/main.js"]\n', main);
      const before = textOf(directory);
      const { changes } = await optimize(directory);
      expect(changes.map(({ title, outcome }) => `${title} ${outcome}`)).toEqual([
        'npm ci --omit=dev refused',
      ]);
      expect(changes[0]!.refusal?.checks?.map(({ outcome }) => outcome)).toEqual(['different']);
      expect(textOf(directory)).toBe(before);
    },
    240_000,
  );

  test.skipIf(!long).each(['yarn install --production', 'pnpm install --prod'])(
    'are told from others without a record: %s, proved',
    async (after) => {
      const [name = '', verb = ''] = after.split(' ');
      const directory = join(place, name);
      writeTree(directory, {
        Dockerfile: `FROM npm-base\nWORKDIR /app\nCOPY . .\nRUN ${name} ${verb}\nCMD ["sh", "node_modules/greet/index.js"]\n`,
        '.dockerignore': 'Dockerfile\n.dockerignore\n',
        'package.json': '{ "dependencies": { "greet": "1" }, "devDependencies": { "pack": "1" } }\n',
      });
      const { changes } = await optimize(directory);
      expect(changes.map(({ title, outcome }) => `${title} ${outcome}`)).toEqual([`${after} proved`]);
      expect(textOf(directory)).toContain(`RUN ${after}\n`);
    },
    240_000,
  );
});
