// `mille why` on real builds: what differed, what followed, what was spared, and texts read from the layers.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBusybox } from '../../src/testkit/index.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';

repeatsCommands();

let place = '';
let program: Mille;

beforeAll(async () => {
  place = makePlace('why');
  program = await mille(join(place, 'store'));
}, 120_000);
afterAll(() => removePlace(place));

const DOCKERFILE = `FROM busybox AS build
COPY src /src
RUN mkdir /out && grep -v '^#' /src/main.c >/out/program
FROM busybox
ARG VERSION=1
COPY deps.txt /app/
RUN wc -l /app/deps.txt >/app/lines
COPY --from=build /out/program /bin/program
RUN echo "$VERSION" >/version
`;

function project(name: string, dockerfile = DOCKERFILE) {
  const directory = join(place, name);
  writeTree(directory, {
    Dockerfile: dockerfile,
    'deps.txt': `one of ${name}\n`,
    'src/main.c': `# comment\ncode of ${name}\n`,
    'src/.env': 'PASSWORD=hunter2\n',
    'src/config.ini': 'mode = slow\napi_token = abcdef\n',
    'src/run.sh': 'true\n',
    'src/tool.bin': 'a\0b',
    'src/words.txt': 'word\n'.repeat(30_000),
  });
  return {
    at: (file: string) => join(directory, file),
    build: (...args: string[]) => program.run(['build', '-t', name, ...args, directory]),
    why: (...args: string[]) => program.must(['why', ...args, name]),
    json: async (...args: string[]) =>
      JSON.parse(await program.must(['why', '--format', 'json', ...args, name])),
  };
}

/** The lines about a step, without what it took. */
function about(text: string, title: string): string[] {
  const block = text.split('\n\n').find((part) => part.split('\n')[0]?.includes(title));
  if (!block) throw new Error(`nothing about ${title} in\n${text}`);
  return block
    .split('\n')
    .slice(1, -1)
    .map((line) => line.trim());
}

describe.skipIf(!findBusybox())('why', () => {
  test('a first build, then changed files with their texts, what followed, and early cutoff', async () => {
    const { build, why, json, at } = project('files');
    await build();
    const first = await why();
    expect(first).toContain('ran for the first time, no earlier build of this directory and Dockerfile:');
    expect(first).toContain('RUN wc -l /app/deps.txt >/app/lines');

    writeFileSync(at('src/main.c'), '# comment\nother code of files\n');
    writeFileSync(at('src/.env'), 'PASSWORD=hunter3\n');
    writeFileSync(at('src/config.ini'), 'mode = fast\napi_token = ghijkl\n');
    chmodSync(at('src/run.sh'), 0o755);
    writeFileSync(at('src/new.c'), 'new\n');
    writeFileSync(at('src/tool.bin'), 'a\0c');
    writeFileSync(at('src/words.txt'), 'words\n'.repeat(30_000));
    await build();
    const text = await why('--diff');
    expect(about(text, 'COPY src /src')).toEqual([
      'ran because 7 of 7 files differ',
      '~ src/.env  content',
      '(not shown: its name sounds as if it kept a secret)',
      '~ src/config.ini  content',
      ...['@@ -1,2 +1,2 @@', '-mode = slow', '-api_token = ****', '+mode = fast', '+api_token = ****'],
      '~ src/main.c  content',
      ...['@@ -1,2 +1,2 @@', '# comment', '-code of files', '+other code of files'],
      '+ src/new.c',
      '~ src/run.sh  mode 644 → 755',
      ...['~ src/tool.bin  content', '(not shown: it is no text)'],
      ...['~ src/words.txt  content', '(not shown: it is larger than 128 KiB)'],
    ]);
    expect(text).not.toMatch(/hunter|abcdef|ghijkl/);
    expect(about(text, 'RUN mkdir /out')).toEqual(['ran only because of #3']);
    expect(about(text, 'COPY --from=build')[0]).toMatch(/^ran only because of #[0-9]$/);
    expect(text).toMatch(/#3 took .*, and .* in what followed from it: /);

    const document = await json('--diff');
    const copy = document.steps.find(({ title }: { title: string }) => title.endsWith('COPY src /src'));
    expect(
      copy.comparedWith.differences.map(({ name, change }: Record<string, string>) => [name, change]),
    ).toEqual([
      ['src/.env', 'changed'],
      ['src/config.ini', 'changed'],
      ['src/main.c', 'changed'],
      ['src/new.c', 'added'],
      ['src/run.sh', 'changed'],
      ['src/tool.bin', 'changed'],
      ['src/words.txt', 'changed'],
    ]);
    expect(JSON.stringify(document)).not.toMatch(/hunter|abcdef|ghijkl/);
    // Early cutoff: a comment that makes no difference.
    writeFileSync(at('src/main.c'), '# another comment\nother code of files\n');
    await build();
    expect(about(await why(), 'RUN mkdir /out')[1]).toMatch(
      /^made what it had made before, so its earlier layer was kept and #[0-9] and #[0-9] were reused/,
    );
    expect(await why('--step', '--from=build')).toMatch(
      /although #[0-9] ran: what it takes of it is the same/,
    );
    // The builds of before are still explained as they were.
    const [, , before] = (await program.must(['why', '--list', '--format', 'json', 'files']))
      .trim()
      .split('\n');
    expect(await program.must(['why', JSON.parse(before!).id])).toContain('ran for the first time');
  });

  test('arguments, an edited instruction, --no-cache, a failure, and what was not reached', async () => {
    const small = 'FROM busybox\nCOPY deps.txt /\nARG VERSION=1\nRUN echo "$VERSION" >/version\n';
    const { build, why, at } = project('others', small);
    await build();
    await build('--build-arg', 'VERSION=2');
    expect(about(await why(), 'RUN echo "2" >/version')).toContain('build argument VERSION: 1 → 2');

    writeFileSync(at('Dockerfile'), small.replace('echo "$VERSION"', 'API_TOKEN=abc echo "$VERSION"'));
    await build();
    expect(about(await why(), 'RUN API_TOKEN=**** echo')).toContain(
      'instruction edited: `RUN echo "$VERSION" >/version` → `RUN API_TOKEN=**** echo "$VERSION" >/version`',
    );

    await build('--no-cache');
    expect(await why()).toContain('ran because of --no-cache, nothing had changed:');

    writeFileSync(at('Dockerfile'), `${small}RUN exit 3\nRUN exit 4\n`);
    expect((await build()).status).toBe(1);
    const failed = await why();
    expect(failed).toMatch(/^build \S+, .*: failed after /);
    expect(about(failed, 'RUN exit 3')).toEqual([
      'failed: it ran because the instruction is new: no earlier one is like it',
      'the command ended with exit code 3: exit 3',
    ]);
    expect(failed).toContain('not reached: [5/5] RUN exit 4');
  });

  test('a base image that moved', async () => {
    const { build, at } = project('base');
    writeFileSync(at('Dockerfile'), 'FROM busybox\nARG A\nRUN echo "$A" >/a\n');
    await build('--build-arg', 'A=1');
    const above = join(place, 'above');
    writeTree(above, { Dockerfile: 'FROM base\nRUN echo x >/x\nRUN echo y >/y\n' });
    await program.build(['-t', 'above', above]);
    await build('--build-arg', 'A=2');
    await program.build(['-t', 'above', above]);
    const text = await program.must(['why', above]);
    expect(text).toMatch(
      /FROM \S*base:latest\n {3}is another image than in build \S+, .*: [0-9a-f]{12} → [0-9a-f]{12}/,
    );
    expect(about(text, 'RUN echo x')).toEqual([
      'ran only because of #1',
      'made what it had made before, so its earlier layer was kept; what follows stands on #1 as well',
    ]);
  });

  test('what is not there', async () => {
    const empty = await mille(join(place, 'empty'), { base: false });
    expect(await empty.run(['why'])).toMatchObject({
      status: 36,
      stderr: expect.stringContaining('nothing was built'),
    });
    expect(await program.run(['why', 'nowhere'])).toMatchObject({ status: 36 });
    expect((await program.run(['why', 'busybox'])).stderr).toContain('it was pulled or loaded');
    expect(await program.run(['why', '--step', '99'])).toMatchObject({ status: 2 });
    expect(await program.run(['why', '--list', '--diff'])).toMatchObject({ status: 2 });
  });

  test('texts of layers that are gone are not shown, and the rest is', async () => {
    const { build, why, at } = project('gone', 'FROM busybox\nCOPY deps.txt /\n');
    await build();
    writeFileSync(at('deps.txt'), 'two\nthree\n');
    await build();
    rmSync(join(place, 'store/blobs'), { recursive: true });
    expect(about(await why('--diff'), 'COPY deps.txt')).toEqual([
      'ran because 1 of 1 file differs',
      '~ deps.txt  content',
      '(not shown: the earlier layer is not in the store)',
    ]);
  });
});
