// Interrupting never corrupts: programs that write to one store at once are killed at any moment, and a full disk
// stops them anywhere; what is left is sound and usable.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { effectiveUid } from '../../sys/index.ts';
import { addSampleImage, addSampleLayer } from '../../testkit/index.ts';
import { loadArchive, openStore, saveArchive } from './index.ts';

const worker = join(import.meta.dir, '../../testkit/store-worker.ts');
let base: string;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'mille-crash-'));
});
afterEach(() => {
  rmSync(base, { recursive: true, force: true });
});

async function start(root: string, first: number) {
  const child = Bun.spawn([process.execPath, worker, root, String(first)], {
    stdout: 'pipe',
    stderr: 'pipe',
  });
  // Until it says so, nothing would be interrupted but the start of a program.
  await child.stdout.getReader().read();
  return child;
}

test('kill -9 at any moment, of several at once, leaves a sound store', async () => {
  const root = join(base, 'store');
  openStore(root, { privilege: 'root' }).close();
  for (let round = 0; round < 12; round++) {
    // Alone, a program also collects garbage; beside another it may not.
    const firsts = round % 2 === 0 ? [round * 10, round * 10 + 3] : [round * 10];
    const workers = await Promise.all(firsts.map((first) => start(root, first)));
    await Bun.sleep(20 + ((round * 37) % 150));
    for (const child of workers) child.kill('SIGKILL');
    for (const child of workers) {
      await child.exited;
      expect(child.signalCode).toBe('SIGKILL');
    }
    const store = openStore(root, { privilege: 'root' });
    expect(await store.verify()).toEqual([]);
    store.makeTemporary('sweep');
    expect(readdirSync(join(root, 'tmp'))).toHaveLength(1);
    if (round % 4 === 3) expect(store.collect()).toBeDefined();
    for (const { config } of store.listImages()) await store.ensureUnpacked(config.rootfs.diff_ids);
    expect(await store.verify()).toEqual([]);
    store.close();
  }
}, 120_000);

test('programs that are not killed do not disturb each other', async () => {
  const root = join(base, 'store');
  const workers = await Promise.all([start(root, 0), start(root, 3)]);
  // Nor does a check take what they do meanwhile for damage.
  const store = openStore(root, { privilege: 'root' });
  const started = performance.now();
  while (performance.now() - started < 700) {
    const problems = await store.findProblems({ deep: true });
    expect(problems.filter(({ harmless }) => !harmless)).toEqual([]);
  }
  store.close();
  for (const child of workers) {
    expect(child.exitCode).toBeNull();
    child.kill('SIGKILL');
    await child.exited;
    expect(await new Response(child.stderr).text()).toBe('');
  }
}, 120_000);

describe.skipIf(effectiveUid() !== 0)('a full disk', () => {
  const mount = (size: string) => {
    const place = join(base, 'disk');
    mkdirSync(place);
    const done = Bun.spawnSync(['mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', place]);
    expect(done.exitCode).toBe(0);
    return place;
  };
  afterEach(() => {
    Bun.spawnSync(['umount', '-l', join(base, 'disk')]);
  });

  /** Leaves this many bytes free. */
  const fill = (place: string, free: number) => {
    const { bavail, bsize } = statfsSync(place);
    writeFileSync(join(place, 'ballast'), Buffer.alloc(Math.max(0, bavail * bsize - free), 1));
  };

  test('stops work anywhere with its own error; nothing is lost and work goes on once there is space', async () => {
    const place = mount('24m');
    const root = join(place, 'store');
    const store = openStore(root, { privilege: 'root' });
    const base = await addSampleLayer(store, { base: 'b'.repeat(1000) });
    const before = addSampleImage(store, [base], { names: ['docker.io/library/app:0'] });
    const work = async (i: number) => {
      const layer = await addSampleLayer(store, { big: `${i}`.repeat(300_000) });
      const image = addSampleImage(store, [base, layer], { names: [`docker.io/library/app:${i}`] });
      await store.ensureUnpacked([base.diffId, layer.diffId]);
      return image;
    };
    const codes = new Set<string>();
    for (const [i, free] of [0, 4096, 20_000, 100_000, 340_000, 700_000, 1_000_000].entries()) {
      fill(place, free);
      let failure: unknown;
      try {
        await work(10 + i);
      } catch (error) {
        failure = error;
      }
      codes.add((failure as { code?: string } | undefined)?.code ?? `none: ${failure}`);
      rmSync(join(place, 'ballast'));
      expect(await store.verify()).toEqual([]);
      expect(store.image(before.manifestDigest).names).toEqual(['docker.io/library/app:0']);
    }
    expect(codes.has('disk-full')).toBe(true);
    expect([...codes].filter((code) => code !== 'disk-full' && !code.startsWith('none: undefined'))).toEqual(
      [],
    );
    const after = await work(99);
    expect(store.image(after.manifestDigest).names).toEqual(['docker.io/library/app:99']);
    store.close();
    const again = openStore(root, { privilege: 'root' });
    expect(await again.verify()).toEqual([]);
    again.close();
  });

  test('opening on it fails clearly', () => {
    const place = mount('1m');
    fill(place, 8192);
    expect(() => openStore(join(place, 'store'), { privilege: 'root' })).toThrow('no space left');
    truncateSync(join(place, 'ballast'), 0);
    openStore(join(place, 'store'), { privilege: 'root' }).close();
  });

  test('loading brings all or nothing', async () => {
    const source = openStore(join(base, 'source'), { privilege: 'root' });
    const layer = await addSampleLayer(source, { big: 'x'.repeat(3_000_000) });
    const image = addSampleImage(source, [layer], { names: ['docker.io/library/app:1'] });
    const chunks: Buffer[] = [];
    const saved = { images: [source.image(image.manifestDigest)], names: ['docker.io/library/app:1'] };
    await saveArchive(source, [saved], (bytes) => {
      chunks.push(Buffer.from(bytes));
    });
    const file = join(base, 'archive.tar');
    writeFileSync(file, Buffer.concat(chunks));
    source.close();
    const place = mount('16m');
    const store = openStore(join(place, 'store'), { privilege: 'root' });
    fill(place, 2_000_000);
    await expect(loadArchive(store, file)).rejects.toMatchObject({ code: 'disk-full' });
    expect(store.listImages()).toEqual([]);
    expect(store.listBlobs()).toEqual([]);
    rmSync(join(place, 'ballast'));
    expect(await loadArchive(store, file)).toHaveLength(1);
    expect(await store.verify()).toEqual([]);
    store.close();
  });
});
