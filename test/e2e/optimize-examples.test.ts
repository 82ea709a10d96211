// What each rewrite makes of its own examples, built here and by a current Docker: it takes the text, and the same files
// come of it. The programs of the examples are not there, so that a command does nothing: what it is told and what is
// copied counts. With MILLE_LONG_TESTS, where a current Docker runs; projects that do something are in the tests beside it.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { commandsOf } from '../../src/insight/lint/index.ts';
import { evidenceFor } from '../../src/insight/optimize/evidence-for.ts';
import { lookAt, REWRITES } from '../../src/insight/optimize/index.ts';
import { busyboxBase } from '../support/base-images.ts';
import { runningDocker } from '../support/docker.ts';
import { type Mille, makePlace, mille, removePlace, writeTree } from '../support/mille.ts';
import { builtByBoth, giveToDocker } from '../support/proposed-in-docker.ts';

const asked = process.env.MILLE_LONG_TESTS !== undefined && process.getuid?.() === 0;
const docker = asked ? runningDocker() : undefined;
if (asked && !docker) console.warn('examples of rewrites skipped: no current Docker runs');
const base = docker ? await busyboxBase() : undefined;

const EXAMPLES = REWRITES.flatMap(({ name, examples }) =>
  examples
    // The daemon's own frontend knows no --parents, and a newer one would be fetched.
    .filter(({ after }) => !after.includes('--parents'))
    .map((example, i) => ({ name: `${name} ${i + 1}`, example })),
);
/** Those that could not be built. */
const left: string[] = [];
/** Files of the context that examples do not speak of. */
const USUAL = ['package.json', 'package-lock.json', '.npmrc', 'requirements.txt', 'rootfs.tar.gz'];

/** What the shell has, and what a base image brings. */
const THERE = /^(?:\[|:|cd|echo|printf|set|test|true|exit|export|mkdir|sh|\.\/.*|.*[$/].*)$/;
const PASSWD = ['root:x:0:0', 'node:x:1000:1000', 'app:x:1001:1001', 'www-data:x:33:33'];

let place = '';
let self: Mille;
/** The base's name in Docker. */
let given = '';

beforeAll(async () => {
  if (!base) return;
  place = makePlace('examples');
  self = await mille(join(place, 'store'), { base: false });
  await self.must(['load', '-q', '-i', base.path]);
  const commands = EXAMPLES.flatMap(({ example }) =>
    [example.before, example.after].flatMap((text) => {
      const { draft, around } = evidenceFor({ ...example, before: text });
      return commandsOf(lookAt(draft, around).lint).map(({ command }) => command.name);
    }),
  );
  const names = [...new Set(commands)].filter((name) => name !== '' && !THERE.test(name));
  writeTree(join(place, 'base'), {
    Dockerfile: `FROM ${base.name}\nCOPY --chmod=755 bin /stubs/\nCOPY passwd group /etc/\nCOPY made /\nENV PATH=/stubs:/bin\n`,
    // What commands would have made, and other stages take.
    ...{
      'made/app/f': '',
      'made/app/dist/a.js': '',
      'made/srv/f': '',
      'made/out/f': '',
      'made/built/hello': '',
    },
    ...{
      'made/app/start': '',
      'made/app/node_modules/f': '',
      'made/site/f': '',
      'made/usr/lib/psycopg.so': '',
      'made/m/node_modules/a.js': '',
    },
    ...{ 'made/usr/local/bin/tool': '', 'made/usr/local/lib/python3.11/site-packages/f': '' },
    passwd: `${PASSWD.map((line) => `${line}::/:/bin/sh`).join('\n')}\n`,
    group: `${PASSWD.map((line) => `${line.split(':').slice(0, 3).join(':')}:`).join('\n')}\n`,
    ...Object.fromEntries(names.map((name) => [`bin/${name}`, '#!/bin/sh\nexit 0\n'])),
  });
  await self.build(['-t', 'stub', join(place, 'base')]);
  given = await giveToDocker(self, docker!, { base: 'stub', place });
}, 120_000);

afterAll(() => {
  if (given !== '') docker?.run(['rmi', '-f', given]);
  removePlace(place);
});

describe.skipIf(!base)('what a rewrite makes of its example is taken by Docker', () => {
  test.each(EXAMPLES)(
    '$name',
    async ({ name, example }) => {
      const { after, context: sizes = {}, ignoreFileAfter } = example;
      const context = join(place, name);
      const stages = new Set([...after.matchAll(/^FROM \S+ AS (\S+)/gim)].map(([, stage]) => stage));
      const images = [...after.matchAll(/^(?:FROM (?:--\S+ )*|COPY --from=)([^\s]+)/gim)].map(
        ([, image]) => image!,
      );
      const bases = [...new Set(images)].filter(
        (image) => image !== 'scratch' && !stages.has(image) && image !== 'base',
      );
      for (const image of bases) await self.must(['tag', 'stub', image]);
      writeTree(context, {
        // A frontend that is asked for would be fetched.
        Dockerfile: after.replace(/^# syntax=.*\n/, ''),
        ...Object.fromEntries([...USUAL, ...Object.keys(sizes)].map((path) => [path, `${path}\n`])),
        ...(ignoreFileAfter === undefined ? {} : { '.dockerignore': ignoreFileAfter }),
      });
      // Commands that do nothing leave nothing for the next: then there is nothing to compare.
      const { status, stderr } = await self.run(['build', '-q', context]);
      if (status !== 0) return void left.push(`${name} (${/^error: (.*)$/m.exec(stderr)?.[1] ?? stderr})`);
      const names = new Map(bases.map((image) => [image, given]));
      const both = await builtByBoth(self, { context, bases: names, place });
      expect(both!.theirs).toEqual(both!.ours);
    },
    600_000,
  );
  test('most of them can be built', () => {
    if (left.length > 0) console.warn(`not built:\n${left.join('\n')}`);
    expect(left.length).toBeLessThan(EXAMPLES.length / 4);
  });
});
