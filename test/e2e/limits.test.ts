// What is unusual but right: many layers, every kind of file under every kind of name, deep trees, many files, empty
// contexts. Contents are read by Python from an archive, beside what the program says of itself.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { findBusybox } from '../../src/testkit/index.ts';
import { command } from '../support/docker.ts';
import { type Listed, listTar } from '../support/list-tar.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';

repeatsCommands();

const root = process.getuid?.() === 0;
const long = process.env.MILLE_LONG_TESTS !== undefined;
if (!root) console.warn('tests of devices and owners skipped: they need root');

let place = '';
let program: Mille;

beforeAll(async () => {
  place = makePlace('limits');
  program = await mille(join(place, 'store'));
}, 120_000);
afterAll(() => removePlace(place));

/** Builds a context and lists what the image holds. */
async function contents(context: string, ...args: string[]): Promise<Map<string, Listed>> {
  const archive = join(place, 'contents.tar');
  await program.build([...args, '--load', '-o', `type=tar,dest=${archive}`, context]);
  return listTar(archive);
}

/** What lies below a directory, under the paths it has from there. */
function below(all: ReadonlyMap<string, Listed>, directory: string): Record<string, object> {
  const prefix = `${directory}/`;
  const strip = (path: string) => (path.startsWith(prefix) ? path.slice(prefix.length) : path);
  const result: Record<string, object> = {};
  for (const [path, { path: _, mode, names, ...entry }] of all) {
    if (!path.startsWith(prefix)) continue;
    // A file that also has names elsewhere is known by those here. The mode of a symbolic link means nothing.
    const inside = names?.filter((name) => name.startsWith(prefix)).map(strip);
    result[strip(path)] = {
      ...entry,
      ...(entry.type === 'symlink' ? {} : { mode }),
      ...(inside && inside.length > 1 ? { names: inside } : {}),
    };
  }
  return result;
}

describe.skipIf(!root || !findBusybox())('every kind of file', () => {
  let context = '';
  let archive = '';
  let expected: Record<string, object> = {};

  beforeAll(async () => {
    context = join(place, 'odd');
    mkdirSync(context);
    archive = join(context, 'odd.tar');
    const script = join(import.meta.dir, '../support/odd-tree.py');
    expect(command(['python3', script, archive, '--devices'])).toMatchObject({ status: 0 });
    expected = below(await listTar(archive), '/odd');
    const extract = ['tar', '--xattrs', '--xattrs-include=*', '--numeric-owner', '-xpf', archive];
    expect(command(extract, { cwd: context }).status).toBe(0);
  });

  test('comes through ADD, COPY from a stage, COPY from the context, and RUN', async () => {
    writeTree(context, {
      Dockerfile: `FROM busybox AS one
ADD odd.tar /
FROM busybox
COPY --from=one /odd /from-stage
ADD odd.tar /
COPY odd /from-context
RUN touch /odd/sticky/hard-c /odd/setuid /odd/capability && chmod 4755 /odd/setuid
RUN rm -r /from-stage/*space* /from-stage/hard-a && ln /from-stage/hard-b /from-stage/hard-a
`,
    });
    const found = await contents(context, '-t', 'odd');
    // From a context come no owners and, as with Docker, no capabilities.
    const anonymous = Object.entries(expected).map(([name, entry]) => {
      const { xattrs, ...rest } = { xattrs: undefined, ...entry, uid: 0, gid: 0 };
      return [name, name === 'capability' || !xattrs ? rest : { ...rest, xattrs }];
    });
    expect(below(found, '/from-context')).toEqual(Object.fromEntries(anonymous));
    // A file with several names that RUN touches by one of them is another file by the rest, as on any overlay.
    const alone = (name: string) => ({ ...expected[name], names: undefined });
    const pair = (...names: string[]) => ({ ...expected['hard-a'], names });
    const { 'with space': space, ...rest } = expected;
    expect(space).toBeDefined();
    expect(below(found, '/from-stage')).toEqual({
      ...rest,
      'hard-a': pair('hard-a', 'hard-b'),
      'hard-b': pair('hard-a', 'hard-b'),
      'sticky/hard-c': alone('sticky/hard-c'),
    });
    expect(below(found, '/odd')).toEqual({
      ...expected,
      'hard-a': pair('hard-a', 'hard-b'),
      'hard-b': pair('hard-a', 'hard-b'),
      'sticky/hard-c': alone('sticky/hard-c'),
    });
  }, 120_000);

  test('survives save, load into another store, and a build on top of it', async () => {
    const saved = join(place, 'odd-saved.tar');
    await program.must(['save', '-o', saved, 'odd']);
    const other = await mille(join(place, 'other-store'), { base: false });
    expect(await other.must(['load', '-i', saved])).toBe('Loaded image: odd:latest\n');
    const first = await listTar(join(place, 'contents.tar'));
    const list = 'find / -xdev -path /sys -prune -o -path /dev -prune -o -print0 | sort -z | sha1sum';
    expect(await other.must(['run', 'odd', 'sh', '-c', list])).toBe(
      await program.must(['run', 'odd', 'sh', '-c', list]),
    );
    writeTree(join(place, 'on-top'), { Dockerfile: 'FROM odd\nRUN echo top >/top\n' });
    const archive = join(place, 'on-top.tar');
    await other.build(['-o', `type=tar,dest=${archive}`, join(place, 'on-top')]);
    const second = await listTar(archive);
    expect(second.get('/top')).toMatchObject({ type: 'file', size: 4 });
    second.delete('/top');
    expect([...second.values()]).toEqual([...first.values()]);
    expect(await other.verify()).toEqual([]);
  }, 120_000);
});

describe.skipIf(!findBusybox())('size', () => {
  test('an image of 121 layers builds and runs', async () => {
    const files = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`f/${i}`, `${i}\n`]));
    const copies = Object.keys(files).map((name) => `COPY ${name} /f/\n`);
    const runs = Array.from({ length: 20 }, (_, i) => `RUN rm /f/${i} && echo ${i} >>/log\n`);
    const context = join(place, 'layers');
    writeTree(context, { ...files, Dockerfile: `FROM busybox\n${copies.join('')}${runs.join('')}` });
    await program.build(['-t', 'layers', context]);
    const [document] = JSON.parse(await program.must(['inspect', 'layers']));
    expect(document.RootFS.Layers).toHaveLength(121);
    expect(await program.must(['run', 'layers', 'sh', '-c', 'ls /f | wc -l; wc -l </log'])).toBe('80\n20\n');
    expect((await program.build(['-t', 'layers', context])).ran).toEqual([]);
  }, 120_000);

  test.skipIf(!long)(
    'more layers than can be stacked are refused where RUN needs them, in words that help',
    async () => {
      const context = join(place, 'too-many');
      const copies = Array.from({ length: 510 }, (_, i) => `COPY f /f/${i}\n`).join('');
      writeTree(context, { f: 'x', Dockerfile: `FROM busybox\n${copies}RUN true\n` });
      const { status, stderr } = await program.run(['build', context]);
      expect(stderr).toContain('511 layers are more than overlayfs can stack\n');
      expect(status).toBe(125);
    },
    120_000,
  );

  test('paths as long as the system takes; longer ones are refused', async () => {
    const part = 'd'.repeat(200);
    const context = join(place, 'deep');
    writeTree(context, {
      Dockerfile: `FROM busybox AS one
RUN for i in $(seq 19); do mkdir ${part} && cd ${part} || exit 1; done; echo bottom >file; ln -s file link
FROM busybox
COPY --from=one /${part} /copy
COPY top /top
RUN cd /copy; for i in $(seq 18); do cd ${part} || exit 1; done; cat link >/result; rm link
`,
    });
    const nest = (name: string, depth: number) => {
      const steps = `import os
os.mkdir('${name}'); os.chdir('${name}')
for _ in range(${depth}): os.mkdir('${part}'); os.chdir('${part}')
open('file', 'w').write('bottom\\n')`;
      expect(command(['python3', '-c', steps], { cwd: context })).toMatchObject({ status: 0 });
    };
    nest('top', 20);
    const found = await contents(context, '-t', 'deep');
    expect(found.get('/result')).toMatchObject({ size: 7 });
    expect(found.get(`/copy${`/${part}`.repeat(18)}/file`)).toMatchObject({ size: 7 });
    expect(found.has(`/copy${`/${part}`.repeat(18)}/link`)).toBe(false);
    expect(found.get(`/top${`/${part}`.repeat(20)}/file`)).toMatchObject({ size: 7 });
    nest('deeper', 30);
    writeTree(context, { Dockerfile: 'FROM busybox\nCOPY deeper /deeper\n' });
    const refused = await program.run(['build', context]);
    expect(refused.stderr).toContain('too long');
    expect(refused.status).toBe(52);
  }, 120_000);

  test('five thousand small files', async () => {
    const context = join(place, 'many');
    for (let i = 0; i < 100; i++) {
      mkdirSync(join(context, 'tree', String(i)), { recursive: true });
      for (let j = 0; j < 50; j++) writeFileSync(join(context, 'tree', String(i), String(j)), `${i} ${j}\n`);
    }
    writeTree(context, {
      Dockerfile: 'FROM busybox\nCOPY tree /tree\nRUN rm -r /tree/7 && find /tree -type f | wc -l >/n\n',
    });
    await program.build(['-t', 'many', context]);
    expect(await program.must(['run', 'many', 'cat', '/n', '/tree/99/49'])).toBe('4950\n99 49\n');
    writeFileSync(join(context, 'tree/50/40'), 'changed');
    const second = await program.build(['-t', 'many', context]);
    expect(second.output).toContain('runs because tree/50/40 changed');
    expect(await program.must(['run', 'many', 'cat', '/tree/50/40'])).toBe('changed');
  }, 120_000);

  test('a sparse file keeps its size and content, and an empty one is no trouble', async () => {
    const context = join(place, 'sparse');
    writeTree(context, {
      Dockerfile: 'FROM busybox\nCOPY . /x/\nRUN stat -c %s /x/* && tail -c 3 /x/sparse >/end\n',
      empty: '',
    });
    const fd = openSync(join(context, 'sparse'), 'w');
    ftruncateSync(fd, 50 << 20);
    writeSync(fd, 'end', 50 << 20);
    closeSync(fd);
    const found = await contents(context, '-t', 'sparse');
    expect(found.get('/x/sparse')).toMatchObject({ size: (50 << 20) + 3 });
    expect(found.get('/x/empty')).toMatchObject({ size: 0 });
    expect(await program.must(['run', 'sparse', 'cat', '/end'])).toBe('end');
  }, 120_000);
});

describe.skipIf(!findBusybox())('contexts', () => {
  test('without a file', async () => {
    const context = join(place, 'empty');
    mkdirSync(context);
    const dockerfile = join(place, 'elsewhere.Dockerfile');
    writeFileSync(dockerfile, 'FROM busybox\nCOPY . /x/\nCOPY . /\nRUN ls /x | wc -l >/n\n');
    await program.build(['-t', 'empty', '-f', dockerfile, context]);
    expect(await program.must(['run', 'empty', 'cat', '/n'])).toBe('0\n');
  });

  test('a socket is copied as an empty file', async () => {
    const context = join(place, 'socket');
    writeTree(context, { Dockerfile: 'FROM busybox\nCOPY . /x/\n', file: 'x' });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(context, 'server.sock'), resolve));
    try {
      const found = await contents(context);
      expect(Object.keys(below(found, '/x')).sort()).toEqual(['Dockerfile', 'file', 'server.sock']);
      expect((await program.build([context])).ran).toEqual([]);
    } finally {
      server.close();
    }
  });
});
