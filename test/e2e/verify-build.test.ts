// `mille build --verify`: builds twice, and says which step made something else, and in which files.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findBusybox } from '../../src/testkit/index.ts';
import { type Mille, makePlace, mille, removePlace, writeTree } from '../support/mille.ts';

let place = '';
let self: Mille;
let counter = 0;

beforeAll(async () => {
  place = makePlace('verify');
  self = await mille(join(place, 'store'));
}, 120_000);
afterAll(() => removePlace(place));

function project(dockerfile: string): string {
  const directory = join(place, `project${++counter}`);
  writeTree(directory, { Dockerfile: dockerfile, own: `${counter}` });
  return directory;
}

const verify = (...args: readonly string[]) =>
  self.run(['build', '--progress', 'plain', '--verify', ...args]);
const UUID = 'cat /proc/sys/kernel/random/uuid';

describe.skipIf(!findBusybox())('--verify', () => {
  test('is content with what is the same each time, but for times of files', async () => {
    const directory = project(
      'FROM busybox AS one\nCOPY own /own\nRUN cat /own >/out; ln /out /link\nFROM one\nWORKDIR /w\nCOPY --from=one /out /w/\n',
    );
    const { status, stderr } = await verify('-t', 'same', directory);
    expect(stderr).toContain('note: built twice: every step made the same, times of files left out');
    expect(status).toBe(0);
    const again = await verify('--reproducible', '-t', 'same', directory);
    expect(again.stderr).toContain('every step made the same, to the byte');
    expect(again.status).toBe(0);
    expect((await self.build([directory])).ran).toEqual([]);
  }, 120_000);

  test('names each step that is not, its files and what of them, and makes no image', async () => {
    const directory = project(`FROM busybox AS made
RUN ${UUID} >/id; echo same >/same; mkdir -p "/d/$(${UUID})"
RUN cat /id >/copy
FROM busybox
COPY --from=made /copy /copy
COPY own /own
RUN chown 1$(tr -dc 0-9 </proc/sys/kernel/random/uuid | head -c 6) /own; ${UUID} >/late
`);
    const { status, stderr } = await verify('-t', 'different', directory);
    expect(status).toBe(38);
    const [, message = ''] = stderr.split('error: ', 2);
    expect(message).toStartWith('built twice, and 2 steps make something else each time\n');
    expect(message).toContain(`  [made 2/3] RUN ${UUID} >/id;`);
    expect(message).toContain('(Dockerfile:2:1)\n');
    expect(message).toMatch(/\n {4}\/d\/\S+: only the first time\n/);
    expect(message).toMatch(/\n {4}\/d\/\S+: only the second time\n/);
    expect(message).toContain('\n    /id: content\n');
    expect(message).toContain('(Dockerfile:7:1)\n');
    expect(message).toMatch(/\n {4}\/late: content\n {4}\/own: owner, \d+:0 → \d+:0\n/);
    // Steps that only hand on what another made are not blamed.
    expect(message).not.toContain('\n    /copy');
    expect(message).not.toContain('\n    /same');
    expect((await self.run(['inspect', 'different'])).status).not.toBe(0);
  }, 120_000);

  test('does not mind what stays in other stages, and says so', async () => {
    const directory = project(`FROM busybox AS made
RUN ${UUID} >/log; echo same >/program
FROM busybox
COPY --from=made /program /
`);
    const { status, stderr } = await verify('-t', 'aside', directory);
    expect([status, stderr]).toEqual([
      0,
      expect.stringContaining('built twice: what is in the image is the same'),
    ]);
    expect(stderr).toContain('something else each time: /log of [made 2/2] RUN');
    await self.must(['inspect', 'aside']);
  }, 120_000);

  test('sees times where they are clamped to one that is later', async () => {
    const directory = project(
      'FROM busybox\nRUN --mount=type=cache,target=/t touch -d "2001-01-01 00:00:0$(ls /t | wc -l)" /f; touch /t/made\n',
    );
    const env = { SOURCE_DATE_EPOCH: '1600000000' };
    const { status, stderr } = await self.run(['build', '--verify', directory], { env });
    expect(status).toBe(38);
    expect(stderr).toContain('    /f: time, 2001-01-01T00:00:00 → 2001-01-01T00:00:01\n');
  }, 120_000);

  test('a step that fails the second time', async () => {
    const directory = project(
      'FROM busybox\nRUN --mount=type=cache,target=/c test ! -e /c/made && touch /c/made\n',
    );
    const { status, stderr } = await verify(directory);
    expect(status).toBe(38);
    expect(stderr).toContain('error: built twice, and the second time the command ended with exit code 1');
    expect(stderr).toContain('Dockerfile:2:1');
  }, 120_000);

  test('compares with what the cache has, and leaves nothing of the second build behind', async () => {
    const blobs = () => readdirSync(join(self.root, 'blobs/sha256')).length;
    const directory = project(`FROM busybox\n# mille: cache=always\nRUN ${UUID} >/id\n`);
    await self.build(['-t', 'kept', directory]);
    await self.must(['prune', '-f']);
    const before = blobs();
    const { status, stderr } = await verify('-t', 'kept', directory);
    expect([status, stderr]).toEqual([38, expect.stringContaining('    /id: content\n')]);
    expect(blobs()).toBe(before);
    expect((await self.build([directory])).ran).toEqual([]);
    expect(await self.verify()).toEqual([]);
  }, 120_000);

  test('and a look at the Dockerfile exclude one another', async () => {
    const { status, stderr } = await verify('--check', project('FROM busybox\n'));
    expect([status, stderr]).toEqual([2, expect.stringContaining('--verify and --call or --check')]);
  });
});
