// `mille store verify` on a real store: what is damaged is named and forgotten, and the next build makes it again.

import { afterAll, beforeAll, expect, test } from 'bun:test';
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '../../src/oci/store/index.ts';
import { findBusybox } from '../../src/testkit/index.ts';
import { busyboxBase } from '../support/base-images.ts';
import { makePlace, mille, removePlace, writeTree } from '../support/mille.ts';

const ready = process.getuid?.() === 0 && findBusybox() !== undefined;
if (!ready) console.warn('store verify tests skipped: they need root and busybox-static');

let place = '';
beforeAll(() => {
  place = makePlace('verify');
});
afterAll(() => removePlace(place), 60_000);

test.skipIf(!ready)(
  'everything that a build leaves is looked at, and made again once it is forgotten',
  async () => {
    const program = await mille(join(place, 'store'));
    const context = join(place, 'context');
    writeTree(context, {
      Dockerfile:
        'FROM busybox\nCOPY file /file\nRUN --mount=type=cache,target=/c cat /file >/copy; echo x >/c/x\n',
      file: 'content\n',
    });
    const flags = ['-t', 'app', '--reproducible', context];
    const { imageId } = await program.build(flags);
    const within = (...names: string[]) => join(program.root, ...names);
    expect(await program.must(['store', 'verify', '--deep'])).toMatch(
      /^The store in .* is sound: 2 images, 3 layers, 2 cache records, 2 unpacked layers, 1 cache mount \(every byte was read\)\.\n$/,
    );

    const [mount = ''] = readdirSync(within('cache-mounts'));
    rmSync(within('cache-mounts', mount, 'about.json'));
    const layers = readdirSync(within('layers'));
    const copied = layers.find((name) => readdirSync(within('layers', name)).includes('file'))!;
    writeFileSync(within('layers', copied, 'file'), 'CONTENT\n');
    const store = openStore(program.root, { privilege: 'root' });
    const base = store.image(store.findById(imageId)!).manifest.layers[0]!.digest;
    store.db.run(
      "UPDATE cache_records SET diff_id = 'sha256:' || substr(key, 8) WHERE instruction LIKE 'COPY%'",
    );
    store.close();
    const size = statSync(within('blobs/sha256', base.slice(7))).size;
    writeFileSync(within('blobs/sha256', base.slice(7)), Buffer.alloc(size));

    const quick = await program.run(['store', 'verify']);
    expect(quick.status).toBe(54);
    expect(quick.stdout).toMatch(
      /^problem: the cache mount sha256:\w+ does not say what it is \(about\.json\); /m,
    );
    expect(quick.stdout).toMatch(/^note: the cache record of 'COPY .*' leads to a layer that is not here; /m);
    const deep = await program.run(['store', 'verify', '--deep', '--format', 'json']);
    expect(deep.status).toBe(54);
    const { Problems, Sound } = JSON.parse(deep.stdout);
    expect(Sound).toBe(false);
    expect(Problems.map(({ Kind }: { Kind: string }) => Kind).sort()).toEqual([
      'blob',
      'mount',
      'record',
      'unpacked',
    ]);

    const repaired = await program.run(['store', 'verify', '--deep', '--repair']);
    expect(repaired.status).toBe(0);
    expect(repaired.stdout).toMatch(/^repaired: the blob sha256:\w+ is damaged: /m);
    expect(repaired.stdout).toMatch(
      /^repaired: the image app:latest is damaged: the layer sha256:\w+ is not in the/m,
    );
    expect(await program.must(['images', '-q'])).toBe('');

    await program.must(['load', '-q', '-i', (await busyboxBase())!.path]);
    expect((await program.build(flags)).imageId).toBe(imageId);
    expect(await program.must(['run', '--rm', 'app', 'cat', '/copy'])).toBe('content\n');
    expect((await program.run(['store', 'verify', '--deep'])).stdout).toContain('is sound: ');
  },
  120_000,
);
