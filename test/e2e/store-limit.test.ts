// A limit on what the store may take: room is made before something is written, and where it cannot be, nothing is.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDiskSize } from '../../src/core/index.ts';
import { findBusybox } from '../../src/testkit/index.ts';
import { busyboxBase } from '../support/base-images.ts';
import { command } from '../support/docker.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';

repeatsCommands();

const ready = process.getuid?.() === 0 && findBusybox() !== undefined;
if (!ready) console.warn('store limit tests skipped: they need root and busybox-static');

const LIMIT = 14_000_000;
let place = '';
let stores = 0;
beforeAll(() => {
  place = makePlace('limit');
});
afterAll(() => removePlace(place), 60_000);

/** A store that may take 14MB, 2MB of which are an image and 1MB the reserve. */
async function limited(): Promise<Mille> {
  const program = await mille(join(place, `store-${++stores}`));
  writeFileSync(join(program.root, 'settings.json'), '{"maxStore": "14MB"}\n');
  return program;
}

function bytes(program: Mille): number {
  return Number(/^\d+/.exec(command(['du', '-s', '--block-size=1', program.root]).stdout.toString())?.[0]);
}

function context(name: string, dockerfile: string, files: Readonly<Record<string, string>> = {}): string {
  const directory = join(place, name);
  writeTree(directory, { ...files, Dockerfile: `FROM busybox\n${dockerfile}\n` });
  return directory;
}

const fill = (name: string) => `RUN dd if=/dev/urandom of=/${name} bs=1k count=1000 2>/dev/null`;

describe.skipIf(!ready)('a store with a limit', () => {
  test('keeps it, by what was used longest ago', async () => {
    const program = await limited();
    let notes = '';
    for (let i = 1; i <= 6; i++) {
      const { output } = await program.build([context(`run-${i}`, fill(`f${i}`))]);
      notes += output;
      expect(bytes(program)).toBeLessThanOrEqual(LIMIT);
      await program.build([context(`copy-${i}`, 'COPY f /f', { f: `${i}`.repeat(600_000) })]);
      expect(bytes(program)).toBeLessThanOrEqual(LIMIT);
    }
    expect(notes).toMatch(
      /^note: [\d.]+MB that were not used for longest made room: the store may take 14MB$/m,
    );
    // The latest are there, the first is not.
    expect((await program.build([join(place, 'run-6')])).ran).toEqual([]);
    expect((await program.build([join(place, 'run-1')])).ran).toHaveLength(1);
    expect(await program.must(['run', 'busybox', 'echo', 'up'])).toBe('up\n');
    expect(await program.must(['df'])).toContain('It may take 14MB (maxStore): ');
    expect(await program.verify()).toEqual([]);
  }, 120_000);

  test('refuses what does not fit, and says what holds the bytes', async () => {
    const program = await limited();
    await program.build(['-t', 'one', context('one', fill('one'))]);
    await program.build(['-t', 'two', context('two', 'COPY f /f', { f: 'x'.repeat(4_000_000) })]);
    const before = bytes(program);
    const large = context('large', 'COPY f /f', { f: 'y'.repeat(9_000_000) });
    const { status, stderr } = await program.run(['build', '--progress', 'plain', '-t', 'large', large]);
    expect(status).toBe(53);
    expect(stderr).toMatch(
      /error: the store may take 14MB, and [\d.]+MB more do not fit: images with names [\d.]+MB, what builds and containers use now [\d.]+[kM]?B, the rest/,
    );
    expect(stderr).toContain('Dockerfile:2:1\n');
    // The base is in use, and has a name: that is said once.
    const used = /builds and containers use now (\S+),/.exec(stderr)?.[1] ?? '';
    expect(parseDiskSize(used)).toBeLessThan(1_000_000);
    expect(stderr).toContain(`raise maxStore in ${join(program.root, 'settings.json')} or MILLE_MAX_STORE`);
    expect(bytes(program)).toBeLessThan(before + 50_000);

    const raised = { env: { MILLE_MAX_STORE: 'none' } };
    await program.build(['-t', 'large', large], raised);
    await program.must(['save', '-o', join(place, 'large.tar'), 'large'], raised);
    for (const name of ['large', 'one']) await program.must(['rmi', name]);
    await program.must(['prune', '-f']);
    const files = () => command(['find', program.root, '-type', 'f', '-path', '*blobs*']).stdout.toString();
    const [blobs, small] = [files(), { env: { MILLE_MAX_STORE: '9MB' } }];
    for (const load of [
      program.run(['load', '-i', join(place, 'large.tar')], small),
      program.run(['load'], { ...small, stdin: new Uint8Array(readFileSync(join(place, 'large.tar'))) }),
    ]) {
      expect(await load).toMatchObject({
        status: 53,
        stderr: expect.stringContaining('the store may take 9MB'),
      });
      expect(files()).toBe(blobs);
    }
    await program.must(['load', '-i', join(place, 'large.tar')], { env: { MILLE_MAX_STORE: '30MB' } });
    expect(await program.verify()).toEqual([]);
  }, 120_000);

  test('is no business of a build that finds everything', async () => {
    const program = await limited();
    const directory = context('known', fill('known'));
    await program.build(['-t', 'known', directory]);
    const below = { env: { MILLE_MAX_STORE: '1MB' } };
    expect((await program.build(['-t', 'known', directory], below)).ran).toEqual([]);
    expect((await program.run(['build', context('unknown', fill('unknown'))], below)).status).toBe(53);
    expect((await program.run(['load', '-i', (await busyboxBase())!.path], below)).status).toBe(53);
  }, 120_000);
});
