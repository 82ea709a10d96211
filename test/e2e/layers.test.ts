// `mille layers` on an image that was built here: who made which layer, what is wasted and by whom, every version of a
// file; from the store, from an archive, and from a pipe.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBusybox } from '../../src/testkit/index.ts';
import { command } from '../support/docker.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';

repeatsCommands();

const ready = process.getuid?.() === 0 && findBusybox() !== undefined;
if (!ready) console.warn('tests of mille layers skipped: they need root and busybox-static');

const DOCKERFILE = `FROM busybox
RUN mkdir -p /lists /app && head -c 300000 /dev/zero | tr '\\0' a >/lists/a
RUN rm -rf /lists
COPY --chmod=644 big conf /app/
RUN chown -R 1000:1000 /app
RUN echo 'port = 81' >/app/conf && cp /app/big /copy
CMD ["sh"]
`;

interface Layers {
  readonly base: { readonly title: string; readonly layers: number } | null;
  readonly wastedBytes: number;
  readonly layers: readonly {
    readonly layer: number;
    readonly origin: string;
    readonly file?: string;
    readonly line?: number;
    readonly files: { readonly added: number; readonly changed: number; readonly removed: number };
    readonly sharedWith: readonly string[];
  }[];
  readonly waste?: {
    readonly groups: readonly { readonly kind: string; readonly bytes: number }[];
  };
}

describe.skipIf(!ready)('mille layers', () => {
  let place = '';
  let program: Mille;

  beforeAll(async () => {
    place = makePlace('layers');
    program = await mille(join(place, 'store'));
    const context = join(place, 'context');
    writeTree(context, { Dockerfile: DOCKERFILE, big: 'b'.repeat(200_000), conf: 'port = 80\nname = x\n' });
    await program.build(['-t', 'app', context]);
    writeFileSync(join(place, 'app.tar'), '');
    await program.must(['save', '-o', join(place, 'app.tar'), 'app']);
  }, 120_000);
  afterAll(() => removePlace(place));

  const json = async (...args: string[]) =>
    JSON.parse(await program.must(['layers', '--format', 'json', ...args]));

  test('each layer with its line, what it changes, and who else has it', async () => {
    const { base, layers }: Layers = await json('app');
    expect(base).toEqual({ title: 'busybox:latest', layers: 1 });
    expect(layers.map(({ line }) => line)).toEqual([undefined, 2, 3, 4, 5, 6] as number[]);
    expect(layers.map(({ origin }) => origin)).toEqual(['base', 'own', 'own', 'own', 'own', 'own']);
    expect(layers[0]!.sharedWith).toEqual(['busybox:latest']);
    const counts = layers.slice(1).map(({ files: { added, changed, removed } }) => [added, changed, removed]);
    expect(counts).toEqual([
      [1, 0, 0],
      [0, 0, 1],
      [2, 0, 0],
      [0, 2, 0],
      [1, 1, 0],
    ]);
    const table = await program.must(['layers', 'app']);
    expect(table).toMatch(/^5 +203kB +203kB +2 +own +Dockerfile:5 RUN chown -R 1000:1000 \/app$/m);
    expect(table).toContain('of it the base busybox:latest');
  });

  test('waste, to the byte', async () => {
    const { wastedBytes, waste }: Layers = await json('--waste', 'app');
    expect(waste!.groups.map(({ kind, bytes }) => [kind, bytes])).toEqual([
      ['deleted', 300_000],
      ['rewritten', 200_019],
      ['duplicate', 200_000],
      ['overwritten', 19],
    ]);
    expect(wastedBytes).toBe(700_038);
    const text = await program.must(['layers', '--waste', 'app']);
    expect(text).toContain('300kB   deleted: /lists/a\n');
    expect(text).toContain('written by layer 2  Dockerfile:2 RUN mkdir');
    expect(text).toContain('hidden by  layer 3  Dockerfile:3 RUN rm -rf /lists');
    expect(text).toContain('written again only to change owner: /app/big (200kB), /app/conf (19B)');
    expect(text).toContain('dive would say: efficiency ');
  });

  test("dive's figures are those of dive", async () => {
    const dive = Bun.which('dive');
    if (!dive) {
      console.warn('comparison with dive skipped: it is not installed (a program in Go, in no distribution)');
      return;
    }
    const out = join(place, 'dive.json');
    const ran = command([dive, '--source', 'docker-archive', join(place, 'app.tar'), '--json', out]);
    expect(ran.status).toBe(0);
    const { efficiencyScore, inefficientBytes } = JSON.parse(readFileSync(out, 'utf8')).image;
    const { dive: own } = await json('--waste', 'app');
    expect(own).toMatchObject({ efficiency: efficiencyScore, wastedBytes: inefficientBytes });
  });

  test('an archive and a pipe show the same', async () => {
    const { layers } = await json('app');
    const archive = join(place, 'app.tar');
    expect((await json(archive)).layers).toEqual(layers);
    const { stdout } = await program.run(['layers', '--format', 'json', '-'], {
      stdin: readFileSync(archive),
    });
    expect(JSON.parse(stdout)).toMatchObject({ image: { title: 'app:latest', origin: 'archive' }, layers });
    // Elsewhere nothing is known of the build; the store that is not there is not made.
    const elsewhere = await mille(join(place, 'nothing'), { base: false });
    const bare: Layers = JSON.parse(await elsewhere.must(['layers', '--format', 'json', archive]));
    expect(bare.base).toBeNull();
    expect(bare.layers.map(({ line }) => line)).toEqual(new Array(6).fill(undefined));
    const said = await elsewhere.must(['layers', '--base', `${archive}:app`, archive]);
    expect(said).toContain('0B in 0 layers of its own');
  });

  test('trees of the image and of a layer', async () => {
    const image = await program.must(['layers', '--tree', 'app']);
    expect(image).toMatch(/^ *200kB {3}├─ copy$/m);
    expect(image).toMatch(/^ *200kB {3}├─ app\/ {2}\(2\)$/m);
    const removed = await program.must(['layers', '--tree', '--layer', '3', 'app']);
    expect(removed).toMatch(/^ +0B +300kB +└─ - lists\/$/m);
    expect(removed).toMatch(/^ +0B +300kB +└─ - a$/m);
    const { tree } = await json('--tree', '--depth', '1', 'app');
    expect(tree.children[0]).toMatchObject({ path: '/bin', type: 'dir' });
    expect(tree.children[0].children).toBeUndefined();
  });

  test('every version of a file, taken out and compared', async () => {
    const { versions } = await json('--file', '/app/conf', 'app');
    expect(versions).toMatchObject([
      { layer: 4, change: 'added', size: 19, uid: 0, line: 4 },
      { layer: 5, change: 'changed', aspects: ['owner'], uid: 1000, line: 5 },
      { layer: 6, change: 'changed', size: 10, line: 6 },
    ]);
    const file = ['layers', '--file', '/app/conf'];
    expect(await program.must([...file, '--extract', '-', 'app'])).toBe('port = 81\n');
    expect(await program.must([...file, '--extract', '-', '--layer', '4', join(place, 'app.tar')])).toBe(
      'port = 80\nname = x\n',
    );
    const out = join(place, 'conf');
    await program.must([...file, '--extract', out, 'app']);
    expect(readFileSync(out, 'utf8')).toBe('port = 81\n');
    expect(await program.must([...file, '--compare', '4,6', 'app'])).toBe(
      '--- /app/conf (layer 4)\n+++ /app/conf (layer 6)\n@@ -1,2 +1 @@\n-port = 80\n-name = x\n+port = 81\n',
    );
    // /bin/[ is a link to busybox.
    const link = ['layers', '--file', '/bin/['];
    expect(await program.must([...link, 'app'])).toContain('→ busybox');
    await program.must([...link, '--extract', out, 'app']);
    expect(readFileSync(out).subarray(1, 4).toString()).toBe('ELF');
    // Deleted since, and still there below.
    const deleted = ['layers', '--file', 'lists/a'];
    expect(await program.must([...deleted, 'app'])).toMatch(/^3 +removed with \/lists/m);
    expect(await program.must([...deleted, '--extract', '-', 'app'])).toBe('a'.repeat(300_000));
  });

  test('what cannot be is told', async () => {
    for (const [args, hint] of [
      [['--file', '/etc/pass', 'app'], 'did you mean /etc/passwd?'],
      [['--tree', '--layer', '9', 'app'], 'counted from 1'],
      [['--extract', '-', 'app'], 'write --file PATH too'],
      [['--tree', '--waste', 'app'], 'ask for one of them'],
      [['--file', '/bin', '--extract', '-', 'app'], 'name a file'],
      [['--file', '/app/conf', '--compare', '4', 'app'], '--compare 2,5'],
      [['--file', '/app/conf', '--compare', '2,4', 'app'], 'these have one: 4, 5, 6'],
      [['--base', 'app', 'busybox'], 'built on another version'],
      [['none:1'], 'mille images'],
    ] as const) {
      const { status, stderr } = await program.run(['layers', ...args]);
      expect(status).toBeGreaterThan(0);
      expect(stderr).toContain(hint);
    }
  });
});
