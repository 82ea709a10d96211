// Cache mounts outside of builds: listed, cleared, carried to another store, as root and as a plain user, and never
// while a build uses one.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBusybox, testUser } from '../../src/testkit/index.ts';
import { busyboxBase } from '../support/base-images.ts';
import { command } from '../support/docker.ts';
import { until } from '../support/leftovers.ts';
import {
  type Mille,
  makePlace,
  mille,
  programFor,
  removePlace,
  repeatsCommands,
  writeTree,
} from '../support/mille.ts';

repeatsCommands();

const ready = process.getuid?.() === 0 && findBusybox() !== undefined;
if (!ready) console.warn('cache mount tests skipped: they need root and busybox-static');

let place = '';
let self: Mille;
let other: Mille;
beforeAll(async () => {
  place = makePlace('cache-mounts');
  if (!ready) return;
  self = await mille(join(place, 'store'));
  other = await mille(join(place, 'other'));
}, 120_000);
afterAll(() => removePlace(place));

let contexts = 0;
function context(lines: string, below = place): string {
  const directory = join(below, `context-${++contexts}`);
  writeTree(directory, { Dockerfile: `FROM busybox\n${lines}\n` });
  return directory;
}

const FILL = `RUN --mount=type=cache,id=tools,target=/c,mode=0700,uid=1000,gid=50 \\
  mkdir /c/d && echo content >/c/d/file && chown 7:8 /c/d/file && chmod 4751 /c/d/file && \\
  ln /c/d/file /c/d/hard && ln -s ../nowhere /c/link && mkfifo /c/fifo && touch /c/.wh.name`;
const LOOK = `RUN --mount=type=cache,id=tools,target=/c,mode=0700,uid=1000,gid=50 \\
  cd /c && stat -c '%n %F %a %u:%g %h %Y' . d d/file d/hard link fifo .wh.name >/seen && readlink link >>/seen && \\
  cat d/file >>/seen`;

interface Listed {
  readonly Id: string;
  readonly Name: string;
  readonly Bytes: number;
  readonly Files: number;
  readonly InUse: boolean;
  readonly UsedBy: readonly { readonly Dockerfile?: string; readonly Step: string }[];
}

async function list(program: Mille): Promise<readonly Listed[]> {
  const lines = (await program.must(['cache', 'ls', '--format', 'json'])).split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Listed);
}

/** What a step sees in the cache. */
async function seen(program: Mille, below = place): Promise<string> {
  await program.build(['-t', 'look', '--no-cache', context(LOOK, below)]);
  return program.must(['run', '--rm', 'look', 'cat', '/seen']);
}

describe.skipIf(!ready)('cache mounts', () => {
  test('say what they take and who used them, and travel to another store', async () => {
    const filling = context(FILL);
    await self.build(['-t', 'fill', filling]);
    const before = await seen(self);
    expect(before).toContain('d/file regular file 4751 7:8 2 ');
    const [tools] = await list(self);
    expect(tools).toMatchObject({ Name: 'tools', Files: 5, InUse: false });
    expect(tools!.UsedBy.map(({ Step }) => Step.replace(/^\[[^\]]*\] (RUN).*$/s, '$1'))).toEqual([
      'RUN',
      'RUN',
    ]);
    expect(tools!.UsedBy[1]!.Dockerfile).toBe(join(filling, 'Dockerfile'));
    expect(await self.must(['cache', 'inspect', '--format', 'table', 'tools'])).toContain(
      'an empty directory, mode 0700, owner 1000:50',
    );

    const archive = join(place, 'tools.tar');
    await self.must(['cache', 'export', '--mounts', '-o', archive, tools!.Id.slice(7, 15)]);
    expect(await other.must(['cache', 'import', '--mounts', archive])).toBe(
      'Imported: tools (8B in 5 files)\n',
    );
    expect(await seen(other)).toBe(before);

    expect(await self.must(['cache', 'clear', 'tools'])).toStartWith('Cleared: tools (');
    expect(await list(self)).toEqual([]);
    const gone = await self.run(['build', '--no-cache', context(LOOK)]);
    expect(gone.stderr).toContain("can't stat 'd/file'");
    const piped = { stdin: new Uint8Array(Bun.gzipSync(readFileSync(archive))) };
    expect(await self.must(['cache', 'import', '--mounts', '-'], piped)).toContain(
      'in place of what was there',
    );
    expect(await seen(self)).toBe(before);
    expect(await self.verify()).toEqual([]);
  }, 120_000);

  test('stay as they are while a build uses them', async () => {
    const directory = context(
      'RUN --mount=type=cache,id=busy,target=/c touch /c/begun; while [ ! -e /c/end ]; do sleep 0.1; done',
    );
    await self.build(['--no-cache', context('RUN --mount=type=cache,id=free,target=/c touch /c/x')]);
    await other.build(['--no-cache', context('RUN --mount=type=cache,id=busy,target=/c touch /c/x')]);
    const archive = join(place, 'busy.tar');
    await other.must(['cache', 'export', '--mounts', '-o', archive, 'busy']);
    const building = self.build([directory]);
    let busy: (Listed & { readonly Directory: string }) | undefined;
    for (let i = 0; i < 300 && !busy?.InUse; i++) {
      busy = (await list(self)).find(({ Name }) => Name === 'busy') as typeof busy;
    }
    await until(() => command(['test', '-e', `${busy!.Directory}/data/begun`]).status === 0);
    for (const args of [
      ['clear', 'busy'],
      ['import', '--mounts', archive],
      ['export', '--mounts', '-o', join(place, 'no.tar'), 'busy'],
    ]) {
      const { status, stderr } = await self.run(['cache', ...args]);
      expect([status, stderr]).toEqual([27, expect.stringContaining('a build is using')]);
    }
    const all = await self.run(['cache', 'clear', '--all']);
    expect(all).toMatchObject({ status: 0, stderr: 'note: a build is using busy: not cleared\n' });
    expect(all.stdout).toContain('Cleared: free (');
    command(['touch', `${busy!.Directory}/data/end`]);
    await building;
    expect(await self.must(['cache', 'clear', 'busy'])).toContain('Cleared: busy');
    expect(await self.verify()).toEqual([]);
  }, 120_000);

  const user = testUser();
  test.skipIf(!user)(
    'of a plain user are the same, and root’s archive is readable to them',
    async () => {
      const mine = join(place, 'mine');
      mkdirSync(mine);
      const own = await mille(join(mine, 'store'), { user: user!, program: programFor(place), base: false });
      command(['cp', (await busyboxBase())!.path, join(mine, 'base.tar')]);
      command(['cp', join(place, 'tools.tar'), join(mine, 'tools.tar')]);
      const filling = context(FILL, mine);
      command(['chown', '-R', `${user!.uid}:${user!.gid}`, mine]);
      await own.must(['load', '-q', '-i', join(mine, 'base.tar')]);
      await own.build([filling]);
      expect(await list(own)).toMatchObject([{ Name: 'tools', Files: 5 }]);
      const archive = join(mine, 'out.tar');
      await own.must(['cache', 'export', '--mounts', '-o', archive]);
      await own.must(['cache', 'clear', '--all']);
      expect(await own.must(['cache', 'import', '--mounts', join(mine, 'tools.tar')])).toContain(
        '(8B in 5 files)',
      );
      expect(await seen(own, mine)).toBe(await seen(other));
      expect(await other.must(['cache', 'import', '--mounts', archive])).toContain('(8B in 5 files)');
    },
    120_000,
  );
});
