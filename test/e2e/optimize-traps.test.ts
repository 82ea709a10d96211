// What looks as if it could be rewritten and cannot, each in a stage of its own: `mille optimize` has to see it, or the
// proof has to find out. What it makes of the rest is compared with what a real Docker makes of it, where there is one.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../../src/sys/index.ts';
import { busyboxBase } from '../support/base-images.ts';
import { commitAll, git } from '../support/git.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';
import { builtByBoth } from '../support/proposed-in-docker.ts';

repeatsCommands();

const ready =
  process.getuid?.() === 0 && findProgram('strace') !== undefined && findProgram('git') !== undefined;
if (!ready) console.warn('tests of traps for the optimiser skipped: they need root, strace and git');
const base = ready ? await busyboxBase() : undefined;
const long = process.env.MILLE_LONG_TESTS !== undefined;

/** Does what package.json says, a line each, slowly. */
const NPM = `#!/bin/sh
sleep 1 && mkdir -p node_modules
while read -r what name; do
  case $what in
    list) while read -r one; do cat "$one" >>node_modules/out; done <"$name" ;;
    all) cat *.js | wc -c >node_modules/sum ;;
    make) echo generated >"$name" ;;
  esac
done <package.json
`;

/** Gives the next number. */
const ADDUSER = `#!/bin/sh
echo "$1:x:$((1000 + $(wc -l </etc/passwd)))::/:/bin/sh" >>/etc/passwd
`;

/** By the stage: what is in its way, and its lines. Each is followed by a COPY in the last stage. */
const TRAPS = {
  /** Which files it reads is only known when it runs: their names stand in a file, one is a dependency beside it. */
  computed: 'WORKDIR /app\nCOPY computed .\nRUN npm ci\n',
  /** The install needs all that is copied. */
  whole: 'WORKDIR /app\nCOPY whole .\nRUN npm ci\n',
  /** It writes over what was copied. */
  generated: 'WORKDIR /app\nCOPY generated .\nRUN npm ci\n',
  /** Which user gets which number is a matter of order. */
  users: 'COPY users /src/\nRUN wc -c /src/app.js >/size && adduser first\nRUN sleep 1 && adduser second\n',
  /** The one that is registered last is the one that is used. */
  alternatives:
    'COPY alternatives /src/\nRUN wc -c /src/app.js >/size && ln -sf /bin/vi /editor\nRUN sleep 1 && ln -sf /bin/ed /editor\n',
  /** A service has to be enabled before what looks at all that are. */
  services:
    'COPY services /src/\nRUN mkdir -p /rc && wc -c /src/app.js >/rc/one\nRUN sleep 1 && for s in /rc/*; do echo $s; done >/started\n',
  /** It compares the clock with what an earlier step noted, and one file's time with another's. */
  clock:
    'COPY clock /src/\nRUN wc -c /src/app.js >/size && date +%s >/noted\nRUN sleep 1 && test $(date +%s) -ge $(cat /noted) && test /src/app.js -ot /noted && echo fresh >/size\n',
  /** In the way of this one nothing stands: so the others are left for what they are. */
  free: 'COPY free /src/\nRUN wc -c /src/app.js >/size\nRUN sleep 1 && echo much >/much\n',
} as const;

const stage = (name: string, lines: string) => `FROM base AS ${name}\n${lines}`;
const LAST = `FROM base\n${[
  ...['computed', 'whole', 'generated'].map((name) => `COPY --from=${name} /app /${name}`),
  'COPY --from=users /etc/passwd /users',
  'COPY --from=alternatives /editor /editor',
  'COPY --from=services /started /started',
  'COPY --from=free /size /much /free/',
  'COPY --from=clock /size /noted /clock/',
].join('\n')}\n`;
const fileOf = (traps: Readonly<Record<string, string>>) =>
  `${Object.entries(traps)
    .map(([name, lines]) => stage(name, lines))
    .join('')}${LAST}`;

let place = '';
let self: Mille;
const project = () => join(place, 'project');

beforeAll(async () => {
  if (!base) return;
  place = makePlace('traps');
  self = await mille(join(place, 'store'), { base: false });
  await self.must(['load', '-q', '-i', base.path]);
  writeTree(join(place, 'base'), {
    Dockerfile: `FROM ${base.name}\nCOPY --chmod=755 npm adduser /bin/\n`,
    npm: NPM,
    adduser: ADDUSER,
  });
  await self.build(['-t', 'base', join(place, 'base')]);
  const sources = Object.fromEntries(Object.keys(TRAPS).map((name) => [`${name}/app.js`, 'app\n']));
  writeTree(project(), {
    ...{ Dockerfile: fileOf(TRAPS), '.dockerignore': '.git\n', ...sources },
    ...{ 'computed/package.json': 'list names\n', 'computed/names': 'lib/local.js\n' },
    ...{ 'computed/lib/local.js': 'local\n', 'whole/package.json': 'all\n' },
    ...{ 'generated/package.json': 'make version.js\n', 'generated/version.js': 'none\n' },
  });
  // Each commit changes the sources of one stage: so that each by itself would be worth a rewrite.
  git(project(), 'init', '-q');
  commitAll(project(), 'all');
  for (const name of Object.keys(sources)) commitAll(project(), name, { [name]: 'more\n' });
}, 120_000);

afterAll(() => removePlace(place));

interface Result {
  readonly changes: readonly { readonly rewrite: string; readonly outcome: string }[];
  readonly proof: { readonly same: boolean; readonly noise: readonly string[] };
}

async function optimize(...args: readonly string[]): Promise<Result> {
  return JSON.parse(await self.must(['optimize', '-q', '--format', 'json', ...args]));
}

describe.skipIf(!base)('traps', () => {
  test('are left as they are, and what can be done is done', async () => {
    const { changes, proof } = await optimize('--write', project());
    const text = readFileSync(join(project(), 'Dockerfile'), 'utf8');
    expect(text).toBe(
      fileOf({
        ...TRAPS,
        computed:
          'WORKDIR /app\nCOPY computed/names computed/package.json ./\nCOPY computed/lib/local.js ./lib/\nRUN npm ci\nCOPY computed .\n',
        free: 'RUN sleep 1 && echo much >/much\nCOPY free /src/\nRUN wc -c /src/app.js >/size\n',
      }),
    );
    expect(changes.map(({ rewrite, outcome }) => `${rewrite} ${outcome}`)).toEqual([
      'dependencies-first proved',
      'reorder proved',
    ]);
    expect(proof).toMatchObject({ same: true, noise: ['clock/noted'] });
    const both = await builtByBoth(self, { ...{ place, context: project() }, bases: ['base'] });
    const { '/clock/noted': noted, ...same } = both?.ours ?? {};
    if (both) expect(both.theirs).toEqual({ ...same, '/clock/noted': expect.anything() });
    // It is as good as it gets then.
    if (long) expect((await optimize(project())).changes).toEqual([]);
  }, 240_000);

  test('where all is as it should be nothing is proposed', async () => {
    const good = join(place, 'good');
    writeTree(good, {
      Dockerfile:
        'FROM base\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci\nCOPY src ./src\nUSER 65534\nEXPOSE 80\nCMD ["sh", "src/app.js"]\n',
      'package.json': 'none\n',
      'src/app.js': 'app\n',
    });
    expect((await optimize(good)).changes).toEqual([]);
  }, 120_000);
});
