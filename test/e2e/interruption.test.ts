// Builds that are killed at any moment, interrupted, or left without space, and builds at the same time: nothing
// stays behind, nothing is damaged, and the next build needs no repair.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { findBusybox } from '../../src/testkit/index.ts';
import { command } from '../support/docker.ts';
import { controlGroupsOf, processesWith, until } from '../support/leftovers.ts';
import { type Mille, makePlace, mille, removePlace, verifyStore, writeTree } from '../support/mille.ts';

const root = process.getuid?.() === 0;
if (!root) console.warn('interruption tests skipped: they need root');

let place = '';
beforeAll(() => {
  place = makePlace('interruption');
});
afterAll(() => {
  command(['umount', '-q', join(place, 'small')]);
  removePlace(place);
}, 120_000);

/** MILLE_LONG_TESTS: more moments. */
const KILLS = process.env.MILLE_LONG_TESTS === undefined ? 4 : 16;

describe.skipIf(!root || !findBusybox())('a build that is killed', () => {
  let program: Mille;
  let control: Mille;
  let context = '';
  let duration = 0;
  const marker = `mille-marker-${process.pid}`;

  beforeAll(async () => {
    program = await mille(join(place, 'store'));
    control = await mille(join(place, 'control'));
    context = join(place, 'context');
    const files: Record<string, string> = {};
    for (let i = 0; i < 150; i++) files[`many/${i % 20}/file${i}`] = `${i}\n`.repeat(i);
    writeTree(context, {
      ...files,
      Dockerfile: `FROM busybox AS first
COPY many /many
RUN : ${marker}; mkdir /made && for i in $(seq 50); do echo $i >/made/$i; done; sleep 0.05; ln /made/1 /made/link
FROM busybox
COPY round /round
COPY --from=first /many /app
COPY --from=first /made /app/made
ADD archive.tar /archive/
RUN : ${marker}; rm -r /app/3 /archive/many/4; cp -r /archive /copy; sleep 0.05
WORKDIR /work
RUN : ${marker}; cat /round >out; chmod 4755 out; sleep 0.05
`,
    });
    expect(command(['tar', '-cf', 'archive.tar', 'many'], { cwd: context }).status).toBe(0);
    nextRound('first');
    const started = performance.now();
    await program.build([context]);
    duration = performance.now() - started;
  }, 120_000);

  /** A change that every step meets. */
  function nextRound(name: string): void {
    writeFileSync(join(context, 'round'), `${name}\n`);
    writeFileSync(join(context, 'many/0/file0'), `${name}\n`);
  }

  const sum =
    'for d in app archive copy work round; do find /$d ! -type d; done | sort | xargs stat -c "%n %a %s"; ' +
    'find /app /archive /copy /work /round -type f | sort | xargs sha1sum';

  test('leaves nothing, and the next one gives what it should', async () => {
    for (let kill = 0; kill < KILLS; kill++) {
      nextRound(`round ${kill}`);
      // In turns of two, the last of which is compared, times are kept and clamped.
      const mode = kill % 4 < 2 ? [] : ['--reproducible'];
      const child = Bun.spawn([...program.command, 'build', '-q', '-t', 'killed', ...mode, context], {
        env: { ...process.env, ...program.env },
        stdio: ['ignore', 'ignore', 'ignore'],
      });
      await Bun.sleep((duration * (kill + 0.5)) / KILLS);
      child.kill('SIGKILL');
      await child.exited;
      expect(await until(() => processesWith(marker).length === 0)).toBe(true);
      expect(await until(() => processesWith(program.root).length === 0)).toBe(true);
      expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(program.root);
      // Killed again and again before it is let through.
      if (kill % 2 === 0) continue;
      // Something to do: a build that has it all may never look at what the others left.
      nextRound(`after ${kill}`);
      const { imageId } = await program.build(['-t', 'app', ...mode, context]);
      expect(readdirSync(join(program.root, 'tmp'))).toEqual([]);
      expect(controlGroupsOf(child.pid)).toEqual([]);
      const expected = await control.build(['-t', 'app', ...mode, context]);
      if (mode.length > 0) expect(imageId).toBe(expected.imageId);
      expect(await program.must(['run', 'app', 'sh', '-c', sum])).toBe(
        await control.must(['run', 'app', 'sh', '-c', sum]),
      );
      expect(await program.verify()).toEqual([]);
    }
  }, 300_000);

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s ends it at once, cleanly',
    async (signal) => {
      const directory = join(place, `endless-${signal}`);
      writeTree(directory, { Dockerfile: `FROM busybox\nRUN echo begun; : ${marker}; sleep 1000\n` });
      const child = Bun.spawn(
        [...program.command, 'build', '--progress', 'plain', '-t', 'endless', directory],
        {
          env: { ...process.env, ...program.env },
          stdio: ['ignore', 'ignore', 'pipe'],
        },
      );
      let output = '';
      const reader = child.stderr.getReader();
      const decoder = new TextDecoder();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        output += decoder.decode(value);
        if (/^#\d+ (\S+ )?begun$/m.test(output)) child.kill(signal);
      }
      expect(await child.exited).toBe(signal === 'SIGINT' ? 130 : 143);
      expect(output).toContain('interrupted');
      expect(output).not.toContain('internal error');
      expect(await until(() => processesWith(marker).length === 0)).toBe(true);
      expect(readdirSync(join(program.root, 'tmp'))).toEqual([]);
      expect(controlGroupsOf(child.pid)).toEqual([]);
      expect(await program.must(['images', '-q', 'endless'])).toBe('');
    },
    120_000,
  );

  test('SIGINT while a large file is copied or written out ends it as well', async () => {
    const directory = join(place, 'large');
    writeTree(directory, { Dockerfile: 'FROM busybox\nCOPY large /large\n', large: '' });
    truncateSync(join(directory, 'large'), 600 << 20);
    const build = ['build', '--progress', 'plain', '-t', 'large'];
    const interrupt = async (args: readonly string[], when: RegExp) => {
      const child = Bun.spawn([...program.command, ...build, ...args, directory], {
        cwd: place,
        env: { ...process.env, ...program.env },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let output = '';
      let sent = false;
      const decoder = new TextDecoder();
      for await (const chunk of child.stderr) {
        output += decoder.decode(chunk);
        if (!sent && when.test(output)) child.kill('SIGINT');
        sent ||= when.test(output);
      }
      expect(await child.exited).toBe(130);
      expect(readdirSync(join(program.root, 'tmp'))).toEqual([]);
    };
    await interrupt([], /runs for the first time/);
    await program.build(['-t', 'large', directory]);
    await interrupt(['-o', 'type=tar,dest=large.tar'], /COPY large \/large\n#\d+ CACHED/);
    expect(readdirSync(place).filter((name) => name.startsWith('large.tar'))).toEqual([]);
  }, 120_000);
});

describe.skipIf(!root || !findBusybox())('a full disk', () => {
  let program: Mille;
  let small = '';

  beforeAll(async () => {
    small = join(place, 'small');
    mkdirSync(small);
    expect(command(['mount', '-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', small]).status).toBe(0);
    program = await mille(join(small, 'store'));
  }, 120_000);

  const build = (name: string) =>
    program.run(['build', '--progress', 'plain', '-t', name, join(place, name)]);

  test('ends builds with an error that says so, and harms nothing', async () => {
    writeTree(join(place, 'copy'), {
      Dockerfile: 'FROM busybox\nCOPY big /big\nRUN wc -c /big\n',
      big: 'x'.repeat(30 << 20),
    });
    writeTree(join(place, 'inside'), {
      Dockerfile: 'FROM busybox\nRUN dd if=/dev/zero of=/big bs=1M count=40\n',
    });
    writeTree(join(place, 'layer'), {
      Dockerfile: 'FROM busybox\nRUN dd if=/dev/urandom of=/big bs=1M count=12\nRUN wc -c /big\n',
    });
    const copy = await build('copy');
    expect(copy.stderr).toContain(`no space left on device, where the store is: ${program.root}\n`);
    expect(copy.status).toBe(50);
    const inside = await build('inside');
    expect(inside.stderr).toContain('No space left on device');
    expect(inside.status).toBe(1);
    const layer = await build('layer');
    expect(layer.stderr).toContain('space');
    expect(layer.status).toBe(50);
    const names = (await program.must(['images'])).split('\n').map((line) => line.split(' ')[0]);
    expect(names).toEqual(['REPOSITORY', 'busybox', '']);
    expect(await program.must(['run', 'busybox', 'echo', 'works'])).toBe('works\n');
    expect(await verifyStore(program.root)).toEqual([]);
    // A full disk of an output is not taken for the store's.
    const { bavail, bsize } = statfsSync(small);
    writeFileSync(join(small, 'ballast'), Buffer.alloc(bavail * bsize - (1 << 20)));
    const saved = await program.run(['save', '-o', join(small, 'saved.tar'), 'busybox']);
    expect(saved.stderr).toContain(`cannot write '${join(small, 'saved.tar')}': no space left on device`);
    expect(saved.status).toBe(50);
    rmSync(join(small, 'ballast'));
    expect(readdirSync(small)).toEqual(['store']);
    // Nothing of the failed builds takes the space.
    expect(Number(/(\d+)\s/.exec(command(['du', '-sm', small]).stdout.toString())?.[1])).toBeLessThan(10);

    expect(command(['mount', '-o', 'remount,size=256m', small]).status).toBe(0);
    for (const name of ['copy', 'inside', 'layer']) expect((await build(name)).status).toBe(0);
    expect(await program.must(['run', 'layer', 'wc', '-c', '/big'])).toBe(`${12 << 20} /big\n`);
    expect(await verifyStore(program.root)).toEqual([]);
  }, 120_000);
});

describe.skipIf(!root || !findBusybox())('builds at the same time', () => {
  let program: Mille;
  beforeAll(async () => {
    program = await mille(join(place, 'shared'));
  }, 120_000);

  function context(name: string, lines: string): string {
    const directory = join(place, name);
    writeTree(directory, {
      Dockerfile: `FROM busybox\nCOPY files /files\nRUN cat /files/* >/all\n${lines}`,
      'files/a': 'a\n',
      'files/b': 'b\n',
    });
    return directory;
  }

  test('of the same thing give the same', async () => {
    const directory = context('same', 'RUN echo last >/last\n');
    const args = ['-t', 'same', '--reproducible', directory];
    const built = await Promise.all([1, 2, 3, 4].map(() => program.build(args)));
    expect(new Set(built.map(({ imageId }) => imageId)).size).toBe(1);
    expect((await program.build(args)).ran).toEqual([]);
    expect(await program.must(['run', 'same', 'cat', '/all', '/last'])).toBe('a\nb\nlast\n');
    expect(await program.verify()).toEqual([]);
  }, 120_000);

  test('of different things, while images are saved, removed and tagged', async () => {
    await program.build(['-t', 'victim', context('victim', 'RUN echo victim >/victim\n')]);
    const builds = [1, 2, 3, 4].map((i) =>
      program.build([
        '-t',
        `different${i}`,
        context(`different${i}`, `RUN echo ${i} >/number\nRUN cat /number /all >/sum\n`),
      ]),
    );
    const verbs = (async () => {
      for (let i = 0; i < 3; i++) {
        await program.must(['save', '-o', join(place, `saved${i}.tar`), 'victim']);
        await program.must(['tag', 'victim', `other${i}`]);
        await program.must(['rmi', `other${i}`]);
      }
      await program.must(['rmi', 'victim']);
    })();
    await Promise.all([...builds, verbs]);
    for (const i of [1, 2, 3, 4]) {
      expect(await program.must(['run', `different${i}`, 'cat', '/sum'])).toBe(`${i}\na\nb\n`);
    }
    expect(await program.verify()).toEqual([]);
    expect(existsSync(join(place, 'saved0.tar'))).toBe(true);
    await program.must(['load', '-q', '-i', join(place, 'saved2.tar')]);
    expect(await program.must(['run', 'victim', 'cat', '/victim'])).toBe('victim\n');
    expect(await program.verify()).toEqual([]);
  }, 120_000);
});
