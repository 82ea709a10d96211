// What the pages of `mille explain` claim, held against builds and containers: which instructions make layers, and what
// overrides them at run. What they claim of config and cache is held against the plan of builds, beside the pages.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { findBusybox } from '../../src/testkit/index.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';

repeatsCommands();

const ready = process.getuid?.() === 0 && findBusybox() !== undefined;
if (!ready) console.warn('skipped: running containers needs root and busybox-static');

let place = '';
let self: Mille;

/** Every instruction, on the base. The history of each begins with its keyword. */
const ALL = `FROM busybox
ARG A=1
ENV GREETING=image
LABEL a=1
SHELL ["/bin/sh", "-e", "-c"]
RUN echo once >/once
COPY file /file
ADD file /added
WORKDIR /new/directory
WORKDIR /bin
USER 1000
EXPOSE 80
VOLUME /data
HEALTHCHECK NONE
STOPSIGNAL SIGINT
ONBUILD RUN true
MAINTAINER me
ENTRYPOINT ["/bin/echo", "entry"]
CMD ["default"]
`;

/** What a container has of ENV, not of ARG; where and who it is; whose the file is. */
const SHOW = 'echo $GREETING $A $(pwd) $(id -u) $(stat -c %u /file)';

beforeAll(async () => {
  if (!ready) return;
  place = makePlace('explain');
  self = await mille(join(place, 'store'));
  writeTree(join(place, 'all'), { Dockerfile: ALL, file: 'x' });
  await self.build(['-t', 'all', join(place, 'all')]);
});

afterAll(() => removePlace(place));

interface Line {
  readonly keyword: string;
  readonly line: number;
  readonly layer: string;
  readonly cost?: { readonly seconds: number };
}

async function linesOf(file: string): Promise<readonly Line[]> {
  return JSON.parse(await self.must(['explain', '--format', 'json', '-f', file])).lines;
}

describe.skipIf(!ready)('a build', () => {
  test('makes layers of the instructions that say so', async () => {
    const lines = await linesOf(join(place, 'all/Dockerfile'));
    // As with Docker, the history says nothing of ONBUILD.
    const told = lines.slice(1).filter(({ keyword }) => keyword !== 'ONBUILD');
    const history = (await self.must(['history', '--no-trunc', '--format', 'json', 'all']))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { CreatedBy: string; EmptyLayer: boolean })
      .reverse()
      .slice(-told.length);
    const made = history.map(({ EmptyLayer }, i) => `${told[i]!.keyword} ${EmptyLayer ? 'no' : 'yes'}`);
    const said = told.map(({ keyword, layer, line }) => {
      // The second WORKDIR, in line 10, is there already.
      const makes = layer === 'always' || (layer === 'new-directory' && line !== 10);
      return `${keyword} ${makes ? 'yes' : 'no'}`;
    });
    expect(made).toEqual(said);
  });

  test('leaves what its lines cost', async () => {
    const lines = await linesOf(join(place, 'all/Dockerfile'));
    const costed = lines.flatMap(({ keyword, cost }) => (cost ? [keyword] : []));
    expect(costed).toEqual(['RUN', 'COPY', 'ADD', 'WORKDIR', 'WORKDIR']);
  });
});

test.skipIf(!ready)('what is found stands beside what it cost, the costliest first', async () => {
  const { stdout } = await self.run(['lint', '--format', 'json', '--rank', 'cost', 'all/Dockerfile'], {
    cwd: place,
  });
  const { findings } = JSON.parse(stdout) as {
    findings: { rule: string; line: number; cost?: { seconds: number; bytes?: number } }[];
  };
  const weights = findings.map(({ cost }) => (cost ? cost.seconds + (cost.bytes ?? 0) / 20_000_000 : 0));
  expect(weights).toEqual(weights.toSorted((a, b) => b - a));
  const add = findings.find(({ rule }) => rule === 'CopyInsteadOfAdd')!;
  expect(add.cost!.bytes).toBeGreaterThan(0);
  const text = await self.run(['lint', 'all/Dockerfile'], { cwd: place });
  expect(text.stdout).toMatch(/cost: [\d.]+s, .* when it was last built/);
  const hadolint = await self.run(['lint', '--compat', 'hadolint', 'all/Dockerfile'], { cwd: place });
  expect(hadolint.stdout).not.toContain('cost');
});

describe.skipIf(!ready)('a container', () => {
  const run = async (...args: readonly string[]) => (await self.must(['run', '--rm', ...args])).trim();

  test.each([
    ['CMD, by default', ['all'], 'entry default'],
    ['words replace CMD, ENTRYPOINT stays', ['all', 'a', 'b'], 'entry a b'],
    ['--entrypoint drops both', ['--entrypoint', '/bin/echo', 'all'], ''],
    ['ENV, WORKDIR, USER', ['--entrypoint', '/bin/sh', 'all', '-c', SHOW], 'image /bin 1000 0'],
    [
      '-e, -w and -u override them; what COPY brought belongs to root all the same',
      ['-e', 'GREETING=run', '-w', '/', '-u', '7', '--entrypoint', '/bin/sh', 'all', '-c', SHOW],
      'run / 7 0',
    ],
  ])('%s', async (_, args, output) => {
    expect(await run(...args)).toBe(output);
  });

  test('ENTRYPOINT drops the CMD of the base; in shell form it ignores arguments', async () => {
    writeTree(join(place, 'child'), { Dockerfile: 'FROM all\nUSER root\nENTRYPOINT echo shell' });
    writeTree(join(place, 'base'), { Dockerfile: 'FROM busybox\nCMD ["/bin/echo", "of the base"]' });
    writeTree(join(place, 'entry'), { Dockerfile: 'FROM base\nENTRYPOINT ["/bin/echo", "entry"]' });
    for (const name of ['child', 'base', 'entry']) await self.build(['-t', name, join(place, name)]);
    const outputs = await Promise.all([run('child', 'lost'), run('base'), run('entry')]);
    expect(outputs).toEqual(['shell', 'of the base', 'entry']);
  });
});

test.skipIf(!ready)('flags are asked for as they are written', async () => {
  const page = await self.must(['explain', 'COPY', '--link', '--chown=app:app', '--lang', 'en']);
  expect(page).toContain('COPY --link: ');
  expect(page).toContain('COPY --chown: whose the files are');
  expect(await self.must(['explain', 'RUN', '--mount=type=cache,target=/x'])).toContain('`sharing`');
});

test.skipIf(!ready)('each rewrite is listed, and has its page', async () => {
  const rows: readonly { name: string; kind: string; summary: string }[] = JSON.parse(
    await self.must(['explain', '--format', 'json']),
  );
  const rewrites = rows.filter(({ kind }) => kind === 'rewrite');
  expect(await self.must(['optimize', '--list', '--format', 'json']).then(JSON.parse)).toEqual(
    rewrites.map(({ name, summary }) => ({ name, summary, goal: expect.any(String) })),
  );
  const page = await self.must(['explain', rewrites[0]!.name]);
  expect(page).toStartWith(`${rewrites[0]!.name}\n`);
});

describe.skipIf(!ready)('mistakes', () => {
  test.each([
    [['ENTRYPIONT'], "did you mean 'mille explain ENTRYPOINT'?"],
    [['-f', 'all/Dockerfile', '99'], 'the nearest is CMD, at line 19'],
    [['--lang', 'fr', 'ENTRYPIONT'], 'vouliez-vous dire « mille explain ENTRYPOINT » ?'],
    [['--lang', 'fr', '-f', 'all/Dockerfile', '99'], 'la plus proche est CMD, à la ligne 19'],
    [['-f', 'all/Dockerfile', 'x'], 'one argument at most, a line'],
    [['-f', 'none'], 'no such file'],
    [['CMD', '--mount'], "did you mean 'mille explain RUN --mount'?"],
    [['dependency-first'], "did you mean 'mille explain dependencies-first'?"],
    [['COPY', '--chonw'], "did you mean 'mille explain COPY --chown'?"],
    [['CMD', '--lan', 'fr'], 'did you mean --lang?'],
    [['CMD', '--context', '.'], 'are for the lines of a Dockerfile'],
  ])('%j', async (args, message) => {
    const { status, stderr } = await self.run(['explain', ...args], { cwd: place });
    expect(stderr).toContain(message);
    expect(status).toBe(args.includes('none') ? 10 : 2);
  });
});
