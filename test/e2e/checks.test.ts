// The checks of a Dockerfile as a user meets them: as warnings of a build, alone, and as a reason not to build.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';

repeatsCommands();

let place = '';
let self: Mille;

beforeAll(async () => {
  place = makePlace('checks');
  self = await mille(join(place, 'store'));
});

afterAll(() => removePlace(place));

function context(name: string, files: Readonly<Record<string, string>>): string {
  const directory = join(place, name);
  writeTree(directory, files);
  return directory;
}

const SLOPPY = `FROM scratch AS Unused
ENV A=$NOPE
FROM busybox as base
WORKDIR app
ENV OLD form
ENV B=$PATH C=$NOPE
FROM base
MAINTAINER me
CMD run me
`;

describe('a build', () => {
  test('lists each finding once, with its place, in what it builds', async () => {
    const directory = context('sloppy', { Dockerfile: SLOPPY });
    const { output } = await self.build(['-t', 'sloppy', directory]);
    const [, list = ''] = output.split('7 warnings found (mille build --check shows them in place):\n');
    expect(list.split('\n\n')[0]?.split('\n')).toEqual([
      " - StageNameCasing: the stage name 'Unused' should be in lower case (Dockerfile:1:17)",
      " - FromAsCasing: 'as' and 'FROM' should be in the same case (Dockerfile:3:14)",
      " - WorkdirRelativePath: the relative WORKDIR 'app' goes on from whatever the base image has (Dockerfile:4:9)",
      ' - LegacyKeyValueFormat: ENV should be written ENV key=value (Dockerfile:5:1)',
      " - UndefinedVar: the variable '$NOPE' is not defined (Dockerfile:6:15)",
      ' - MaintainerDeprecated: MAINTAINER is deprecated: use LABEL org.opencontainers.image.authors="…" (Dockerfile:8:1)',
      ' - JSONArgsRecommended: CMD should be a JSON array, so that signals reach the program (Dockerfile:9:1)',
    ]);
  });

  test('tells them again when nothing changed, as events too, and nothing with -q', async () => {
    const directory = context('again', { Dockerfile: 'FROM busybox\nCMD run me\n' });
    await self.must(['build', '-q', directory]);
    const json = await self.run(['build', '--progress=json', directory]);
    const warnings = json.stderr
      .split('\n')
      .filter((line) => line.includes('"warning"'))
      .map((line) => JSON.parse(line));
    expect(warnings).toEqual([
      {
        type: 'warning',
        time: expect.any(String),
        rule: 'JSONArgsRecommended',
        message: 'CMD should be a JSON array, so that signals reach the program',
        span: { file: 'Dockerfile', line: 2, column: 1, endLine: 2 },
      },
    ]);
    expect((await self.run(['build', '-q', directory])).stderr).toBe('');
  });

  test('knows the variables and triggers of its base', async () => {
    const base = context('base', {
      Dockerfile: 'FROM busybox\nENV FROM_BASE=1\nONBUILD ENV SEEN=$NOT_THERE\nONBUILD WORKDIR rel\n',
    });
    await self.must(['build', '-q', '-t', 'with-triggers', base]);
    const child = context('child', { Dockerfile: 'FROM with-triggers\nENV A=$FROM_BASE\n' });
    const { output } = await self.build([child]);
    expect(output).toContain("UndefinedVar: the variable '$NOT_THERE' is not defined (Dockerfile:1:1)");
    expect(output).toContain('WorkdirRelativePath');
    expect(output).not.toContain('FROM_BASE');
  });

  test('with error=true ends before anything runs', async () => {
    const Dockerfile = '# check=error=true\nFROM busybox\nRUN touch /ran\nCMD run me\n';
    const directory = context('strict', { Dockerfile });
    const failed = await self.run(['build', '-t', 'strict', directory]);
    expect(failed.status).toBe(29);
    expect(failed.stderr).toContain('JSONArgsRecommended');
    expect(failed.stderr).not.toContain('RUN touch');
    expect(await self.must(['images', 'strict'])).not.toContain('strict');
    const skipping = ['--build-arg', 'BUILDKIT_DOCKERFILE_CHECK=skip=JSONArgsRecommended;error=true'];
    const { output } = await self.build(['-t', 'strict', ...skipping, directory]);
    expect(output).not.toContain('found');
  });

  test('a build argument turns on what is experimental', async () => {
    const directory = context('ignored', {
      Dockerfile: 'FROM busybox\nCOPY kept.txt lost.txt* /\n',
      'kept.txt': '',
      'lost.txt': '',
      '.dockerignore': 'lost*\n',
    });
    const { output } = await self.build([
      '--build-arg',
      'BUILDKIT_DOCKERFILE_CHECK=experimental=all',
      directory,
    ]);
    expect(output).toContain(
      "CopyIgnoredFile: COPY takes 'lost.txt*', which the ignore file leaves out (Dockerfile:2:15)",
    );
  });
});

describe('--check', () => {
  test('looks at every stage, builds nothing, makes no store', async () => {
    const directory = context('all-stages', { Dockerfile: SLOPPY });
    const root = join(place, 'no-store');
    const { status, stdout, stderr } = await self.run(['build', '--check', '-t', 'never', directory], {
      env: { MILLE_ROOT: root },
    });
    expect(status).toBe(1);
    // Without the base image nothing is known of its variables.
    expect(stdout).toStartWith(
      'Check complete, 7 warnings have been found!\n\nWARNING: StageNameCasing - https:',
    );
    expect(stdout.match(/^WARNING: \w+/gm)).toHaveLength(7);
    expect(stdout).toContain('> 2 | ENV A=$NOPE\n');
    expect(stderr).toBe('note: not in the store, so checked without: busybox\n');
    expect(existsSync(root)).toBe(false);
  });

  test('a clean file, a target, standard input, and a file that cannot be built', async () => {
    const directory = context('clean', { Dockerfile: 'FROM scratch AS ok\nFROM scratch\nCMD x\n' });
    const check = (args: readonly string[], stdin?: string) =>
      self.run(['build', '--check', ...args], stdin === undefined ? {} : { stdin: Buffer.from(stdin) });
    expect(await check(['--target', 'ok', directory])).toMatchObject({
      status: 0,
      stdout: 'Check complete, no warnings found.\n',
    });
    expect((await check([directory])).status).toBe(1);
    expect((await check(['-'], 'FROM scratch AS UP\n')).stdout).toContain('\nDockerfile:1:17\n');
    const broken = await check(['-f', '-', directory], 'FROM scratch AS UP\nFOO\n');
    expect(broken).toMatchObject({ status: 13, stdout: expect.stringContaining('StageNameCasing') });
    expect(broken.stderr).toStartWith('error: unknown instruction: FOO\n');
  });
});

test('--call=outline and --call=targets need neither images nor a store', async () => {
  const directory = context('outline', {
    Dockerfile: `# VERSION of the app
ARG VERSION=1
# build compiles
FROM nowhere:\${VERSION} AS build
RUN --mount=type=secret,id=token,required=true make
FROM build
`,
  });
  const call = (method: string) =>
    self.must(['build', `--call=${method}`, '--build-arg', 'VERSION=2', directory], {
      env: { MILLE_ROOT: join(place, 'no-store') },
    });
  expect(await call('outline')).toBe(`BUILD ARG   VALUE   DESCRIPTION
VERSION     2       of the app

SECRET   REQUIRED
token    true
`);
  expect(await call('targets')).toBe('TARGET      DESCRIPTION\nbuild       compiles\n(default)\n');
  expect(JSON.parse(await call('targets,format=json')).targets[1]).toEqual({
    default: true,
    base: 'build',
    location: { ranges: [{ start: { line: 6 }, end: { line: 6 } }] },
  });
});
