// One damaged image: every verb goes on with the others, says which is damaged, and rmi and prune remove it.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBusybox } from '../../src/testkit/index.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';

repeatsCommands();

const ready = process.getuid?.() === 0 && findBusybox() !== undefined;
if (!ready) console.warn('tests of damaged images skipped: they need root and busybox-static');

let place = '';
beforeAll(() => {
  place = makePlace('damaged');
});
afterAll(() => removePlace(place), 60_000);

const DAMAGES: Readonly<Record<string, (path: string) => void>> = {
  missing: (path) => rmSync(path),
  truncated: (path) => truncateSync(path, 30),
  altered: (path) => writeFileSync(path, '{}'),
};

describe.skipIf(!ready)('a damaged image', () => {
  let program: Mille;
  beforeAll(async () => {
    program = await mille(join(place, 'store'));
    writeTree(join(place, 'context'), { Dockerfile: 'FROM busybox\nCOPY file /file\n', file: 'content' });
  }, 120_000);

  const build = () => program.build(['-t', 'bad', join(place, 'context')]);

  async function damage(part: 'Digest' | 'ID', how: string): Promise<void> {
    await build();
    const row = JSON.parse(await program.must(['images', '--no-trunc', '--format', 'json', 'bad']));
    DAMAGES[how]!(join(program.root, 'blobs/sha256', row[part].slice(7)));
  }

  test.each([
    ['Digest', 'missing'],
    ['ID', 'altered'],
  ] as const)(
    '%s %s: is named, and removed',
    async (part, how) => {
      await damage(part, how);
      const warning = expect.stringMatching(
        /^warning: the image bad:latest is damaged: .*; 'mille rmi bad:latest' removes it, or get or build it again\n$/,
      );
      expect(await program.run(['images', '-q'])).toMatchObject({ status: 0, stderr: warning });
      const { status, stdout, stderr } = await program.run(['images']);
      expect({ status, stderr }).toEqual({ status: 0, stderr: warning });
      expect(stdout).toMatch(/^bad +latest +[0-9a-f]{12} +damaged +0B$/m);
      expect(stdout).toMatch(/^busybox +latest/m);
      for (const args of [['df'], ['df', '-v'], ['df', '--format', 'json']]) {
        expect(await program.run(args)).toMatchObject({ status: 0, stderr: warning });
      }
      expect(await program.must(['prune', '--dry-run'])).toMatch(/ 1 image.*\n {4}bad:latest, damaged: /);
      expect(await program.must(['run', 'busybox', 'echo', 'works'])).toBe('works\n');
      expect(await program.must(['tag', 'bad', 'worse'])).toBe('');
      expect(await program.must(['rmi', 'worse'])).toBe('Untagged: worse:latest\n');
      const removed = await program.must(['rmi', 'bad']);
      expect(removed).toMatch(/^Untagged: bad:latest\nDeleted: sha256:[0-9a-f]{64}\n$/);
      expect(await program.run(['images', '-q', 'bad'])).toEqual({ status: 0, stdout: '', stderr: '' });
      expect(await program.verify()).toEqual([]);
    },
    120_000,
  );

  test('goes with prune, its name notwithstanding; or is whole once it is built or loaded again', async () => {
    await damage('Digest', 'truncated');
    const pruned = await program.must(['prune', '-f', '--filter', 'type=image']);
    expect(pruned).toContain('    bad:latest, damaged: ');
    expect(await program.must(['images', '-q', 'bad'])).toBe('');
    await build();
    const archive = join(place, 'bad.tar');
    await program.must(['save', '-o', archive, 'bad']);
    for (const again of [build, () => program.must(['load', '-q', '-i', archive])]) {
      await damage('ID', 'altered');
      await again();
      expect(await program.verify()).toEqual([]);
    }
  }, 120_000);
});
