import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { anyLayer, chunksOf, describeTree, entry, file, layerBytes } from '../../../testkit/layers.ts';
import { runs } from '../../../testkit/runs.ts';
import type { Entry } from '../../image/index.ts';
import { scanLayer, unpackLayer } from '../index.ts';
import { encodeHeader } from './encode.ts';
import { readTar } from './parse.ts';
import { paxSeconds } from './pax.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'tar-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function fresh(name: string): string {
  const path = mkdtempSync(join(directory, `${name}-`));
  return path;
}

function run(command: string[], options: { cwd?: string; stdin?: Uint8Array } = {}): Buffer {
  const { stdout, stderr, exitCode } = Bun.spawnSync(command, {
    ...options,
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
  if (exitCode !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
  return stdout;
}

const ROOT = process.getuid?.() === 0;

describe('encode and parse', () => {
  test('are inverse for any entries', async () => {
    await fc.assert(
      fc.asyncProperty(anyLayer, fc.integer({ min: 100, max: 9000 }), async (entries, size) => {
        const written = await layerBytes(entries);
        const read = await scanLayer(chunksOf(written.tar, size));
        expect(read).toEqual({ info: written.info, toc: written.toc });
        const plain = read.toc.entries.map(({ digest: _, ...rest }) => rest);
        expect(plain).toEqual(entries.map(({ entry: { digest: _, ...rest } }) => rest));
      }),
      { numRuns: 80 },
    );
  }, 120_000);

  test('sizes, owners and times beyond the fields', async () => {
    const odd: Entry = {
      path: 'x',
      type: 'file',
      mode: 0o7777,
      uid: 3_000_000_000,
      gid: 2_097_152,
      size: 9_000_000_000_000,
      mtime: -5,
    };
    const seen: Entry[] = [];
    const reading = readTar(chunksOf(encodeHeader(odd)), { entry: (found) => void seen.push(found) });
    await expect(reading).rejects.toMatchObject({ code: 'archive-limit' });
    const smaller = { ...odd, size: 9_000_000_000 };
    const early = readTar(chunksOf(encodeHeader(smaller)), { entry: (found) => void seen.push(found) });
    await expect(early).rejects.toMatchObject({ code: 'archive-broken' });
    expect(seen).toEqual([smaller]);
  });

  test('times with fractions are rounded down', () => {
    const seconds = (text: string) => paxSeconds(Buffer.from(text), 'mtime');
    expect(['1.9', '-1.5', '-2', '-0.0', '0'].map(seconds)).toEqual([1, -2, -2, 0, 0]);
  });

  test('plain entries need one block', () => {
    expect(encodeHeader(file('usr/bin/env', '').entry).length).toBe(512);
    const long = `${'d'.repeat(80)}/${'e'.repeat(90)}`;
    expect(encodeHeader(file(long, '').entry).length).toBe(512);
    expect(encodeHeader(file(`${'d'.repeat(101)}`, '').entry).length).toBe(1536);
  });

  test('a file named as a deletion is refused', async () => {
    await expect(layerBytes([file('a/.wh.b', 'x')])).rejects.toMatchObject({ code: 'image-invalid' });
  });
});

/** A tree with everything that a user can make. */
function makeTree(root: string): void {
  mkdirSync(join(root, 'd/empty'), { recursive: true });
  writeFileSync(join(root, 'd/text'), 'hello\n');
  writeFileSync(join(root, 'd/naïve ☃'), 'unicode');
  writeFileSync(join(root, `d/${'n'.repeat(255)}`), 'long');
  writeFileSync(join(root, 'd/new\nline'), '');
  run(
    [
      'sh',
      '-c',
      `printf x > "$(printf 'd/\\377\\376')"; ln d/text d/again; ln -s ../nowhere d/link; mkfifo d/pipe`,
    ],
    {
      cwd: root,
    },
  );
  const deep = join(root, 'p'.repeat(60), 'q'.repeat(60), 'r'.repeat(60));
  mkdirSync(deep, { recursive: true });
  writeFileSync(join(deep, 's'.repeat(120)), 'deep');
  run(['ln', '-s', 't'.repeat(300), 'd/longlink'], { cwd: root });
  run(
    [
      'sh',
      '-c',
      'truncate -s 3M d/sparse; printf x | dd of=d/sparse bs=1 seek=1000000 conv=notrunc status=none',
    ],
    {
      cwd: root,
    },
  );
  run(
    [
      'sh',
      '-c',
      'truncate -s 1M d/hole; chmod 4711 d/text; touch -d @1234567890 d/text d; chmod 2750 d/empty',
    ],
    {
      cwd: root,
    },
  );
  if (ROOT)
    run(['sh', '-c', 'mknod d/dev b 7 300; chown 12345:3000000 d/text; setfattr -n user.a -v 1 d/text'], {
      cwd: root,
    });
}

describe('archives of other programs', () => {
  const variants: Record<string, string[]> = {
    gnu: ['--format=gnu'],
    'gnu sparse': ['--format=gnu', '--sparse'],
    oldgnu: ['--format=oldgnu', '--sparse'],
    pax: ['--format=pax', '--xattrs'],
    'pax sparse 0.0': ['--format=pax', '--sparse-version=0.0', '--xattrs'],
    'pax sparse 0.1': ['--format=pax', '--sparse-version=0.1', '--xattrs'],
    'pax sparse 1.0': ['--format=pax', '--sparse-version=1.0', '--xattrs'],
  };
  for (const [name, flags] of Object.entries(variants)) {
    test(`GNU tar, ${name}`, async () => {
      const [source, ours, theirs] = [fresh('source'), fresh('ours'), fresh('theirs')];
      makeTree(source);
      const archive = run(['tar', '-c', '--numeric-owner', ...flags, '-f', '-', '.'], { cwd: source });
      await unpackLayer(chunksOf(archive), ours, { overlayXattr: 'trusted' });
      run(['tar', '-xp', '--xattrs', '--numeric-owner', '-f', '-'], { cwd: theirs, stdin: archive });
      expect(describeTree(ours)).toEqual(describeTree(theirs));
      expect(describeTree(ours).length).toBeGreaterThan(15);
    });
  }

  for (const format of ['USTAR', 'GNU', 'PAX']) {
    test(`Python's tarfile, ${format}`, async () => {
      const [source, ours] = [fresh('source'), fresh('ours')];
      mkdirSync(join(source, 'd/empty'), { recursive: true });
      writeFileSync(join(source, 'd/ünï'), 'x'.repeat(10_000));
      const long = format === 'USTAR' ? 60 : 200;
      mkdirSync(join(source, 'l'.repeat(90)));
      writeFileSync(join(source, 'l'.repeat(90), 'm'.repeat(long)), 'y');
      run(['ln', '-s', 'text', 'd/link'], { cwd: source });
      const script = `import tarfile,sys
t=tarfile.open(fileobj=sys.stdout.buffer,mode='w|',format=tarfile.${format}_FORMAT)
t.add('.')
t.close()`;
      const archive = run(['python3', '-c', script], { cwd: source });
      await unpackLayer(chunksOf(archive), ours, { overlayXattr: 'trusted' });
      expect(describeTree(ours)).toEqual(describeTree(source));
    });
  }

  test('v7 archives, and archives without their end', async () => {
    const source = fresh('source');
    mkdirSync(join(source, 'd'));
    writeFileSync(join(source, 'd/f'), 'text');
    const archive = run(['tar', '-c', '--format=v7', '-f', '-', 'd'], { cwd: source });
    const whole = await scanLayer(chunksOf(archive));
    expect(whole.toc.entries.map(({ path, type }) => `${path} ${type}`)).toEqual(['d dir', 'd/f file']);
    const endless = archive.subarray(0, 512 * 3);
    expect((await scanLayer(chunksOf(endless))).toc).toEqual(whole.toc);
    const unpadded = archive.subarray(0, 512 * 2 + 4);
    expect((await scanLayer(chunksOf(unpadded))).toc).toEqual(whole.toc);
  });
});

describe('our archives in other programs', () => {
  const odd = [
    entry('d', 'dir', { mtime: 5 }),
    entry('d/long', 'symlink', { link: 't'.repeat(200), mode: 0o777 }),
    file('d/\udcff\udcfe', 'raw bytes'),
    file('d/new\nline', 'x'),
    file('d/naïve ☃', 'x', { uid: 3_000_000, gid: 7, mode: 0o4755 }),
    file(`d/${'n'.repeat(255)}`, 'x', { mtime: -77 }),
    file(`d/${'é'.repeat(127)}`, 'x', { xattrs: { 'user.name': 'AP8A', 'user.empty': '' } }),
    entry('d/second', 'hardlink', { link: 'd/\udcff\udcfe' }),
    entry('d/pipe', 'fifo'),
    entry('d/dev', 'block', { major: 259, minor: 0x12345 }),
  ];
  const readers: Record<string, (root: string, archive: Uint8Array) => void> = {
    'GNU tar': (root, archive) =>
      void run(['tar', '-xp', '--xattrs', '--numeric-owner', '-f', '-'], { cwd: root, stdin: archive }),
    'Python tarfile': (root, archive) => {
      const script = `import tarfile,sys,io
t=tarfile.open(fileobj=io.BytesIO(sys.stdin.buffer.read()),errors='surrogateescape')
t.extractall('.',numeric_owner=True,filter='fully_trusted')`;
      run(['python3', '-c', script], { cwd: root, stdin: archive });
    },
  };
  for (const [name, extract] of Object.entries(readers)) {
    test.if(ROOT)(`${name} unpacks what we do`, async () => {
      const { tar } = await layerBytes(odd);
      const [ours, theirs] = [fresh('ours'), fresh('theirs')];
      const { skipped } = await unpackLayer(chunksOf(tar), ours, { overlayXattr: 'trusted' });
      expect(skipped).toEqual([]);
      extract(theirs, tar);
      // Python knows no attributes, and no times of links.
      const plain = (lines: string[]) =>
        lines.map((line) => line.replace(/ user\.[^ ]*/g, '').replace(/(symlink \d+ \d+:\d+) \d+/, '$1'));
      const tidy = name === 'GNU tar' ? (lines: string[]) => lines : plain;
      expect(tidy(describeTree(ours))).toEqual(tidy(describeTree(theirs)));
      expect(readdirSync(join(ours, 'd')).length).toBe(9);
    });
  }
});

describe('damaged and hostile archives', () => {
  const good = async () =>
    (
      await layerBytes([
        entry('d', 'dir'),
        file(`d/${'n'.repeat(200)}`, 'x'.repeat(2000), { xattrs: { 'user.a': 'AAAA' } }),
        file('z', 'tail'),
      ])
    ).tar;

  test('never crash, hang, or give anything but our errors', async () => {
    const sparse = run(['sh', '-c', 'truncate -s 5M s; echo x >> s; tar -cS --format=pax s'], {
      cwd: fresh('s'),
    });
    const oldSparse = run(['sh', '-c', 'truncate -s 5M s; echo x >> s; tar -cS --format=gnu s'], {
      cwd: fresh('s'),
    });
    const archives = [await good(), sparse, oldSparse];
    const mutation = fc.record({
      which: fc.nat(2),
      cut: fc.option(fc.nat(12_000)),
      flips: fc.array(fc.tuple(fc.nat(6000), fc.nat(255)), { maxLength: 4 }),
      fix: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(mutation, async ({ which, cut, flips, fix }) => {
        const bytes = Buffer.from(archives[which]!);
        for (const [at, value] of flips) if (at < bytes.length) bytes[at] = value;
        // Right checksums let damage get further.
        if (fix)
          for (let at = 0; at + 512 <= bytes.length; at += 512) fixChecksum(bytes.subarray(at, at + 512));
        const part = cut === null ? bytes : bytes.subarray(0, cut);
        const target = fresh('bad');
        await unpackLayer(chunksOf(part), target, { overlayXattr: 'trusted', scan: true }).catch((error) => {
          expect(error.name).toBe('MilleError');
        });
        rmSync(target, { recursive: true });
      }),
      runs(150),
    );
  }, 120_000);

  function fixChecksum(block: Buffer): void {
    if (block.subarray(257, 262).toString() !== 'ustar') return;
    block.fill(32, 148, 156);
    const sum = block.reduce((a, b) => a + b, 0);
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  }

  async function scanned(...parts: Uint8Array[]): Promise<unknown> {
    const bytes = Buffer.concat([...parts, Buffer.alloc(1024)]);
    return scanLayer(chunksOf(bytes));
  }

  function header(
    name: string,
    flag: string,
    more: { size?: number; link?: string; prefix?: string } = {},
  ): Buffer {
    const block = Buffer.alloc(512);
    block.write(name, 0, 'latin1');
    block.write('0000644\x000000000\x000000000\0', 100);
    block.write(`${(more.size ?? 0).toString(8).padStart(11, '0')}\x0000000000000\x00`, 124);
    block.write(flag, 156);
    block.write(more.link ?? '', 157);
    block.write('ustar\x0000', 257, 'latin1');
    fixChecksum(block);
    return block;
  }

  const data = (text: string) =>
    Buffer.concat([Buffer.from(text, 'latin1'), Buffer.alloc(-text.length & 511)]);
  const pax = (text: string) => [header('p', 'x', { size: text.length }), data(text)];

  test('names and links that lead out', async () => {
    const leads = { code: 'archive-escape' };
    for (const name of ['../x', 'a/../../x', '/../x', 'a/..', '..'])
      await expect(scanned(header(name, '0'))).rejects.toMatchObject(leads);
    await expect(scanned(header('x', '1', { link: '../etc/shadow' }))).rejects.toMatchObject(leads);
    await expect(scanned(...pax('14 path=../xy\n'), header('x', '0'))).rejects.toMatchObject(leads);
    await expect(scanned(header('a/.wh...', '0'))).rejects.toMatchObject(leads);
    await expect(scanned(header('a/.wh..', '0'))).rejects.toMatchObject(leads);
  });

  test('absolute and untidy names are taken as relative', async () => {
    const { toc } = (await scanned(header('/etc//./x', '0'), header('./', '5'), header('old/', '0'))) as {
      toc: { entries: Entry[] };
    };
    expect(toc.entries.map(({ path, type }) => [path, type])).toEqual([
      ['etc/x', 'file'],
      ['', 'dir'],
      ['old', 'dir'],
    ]);
  });

  test('malformed headers', async () => {
    const broken = { code: 'archive-broken' };
    for (const text of [
      '5 a=b\n',
      '99 path=x\n',
      'path=x\n',
      '10 path=xx',
      '6 =bc\n',
      '9 size=x\n',
      '10 uid=-1\n',
    ])
      await expect(scanned(...pax(text), header('x', '0'))).rejects.toMatchObject(broken);
    await expect(scanned(...pax('11 path=a\0b\n'), header('x', '0'))).rejects.toMatchObject(broken);
    await expect(scanned(...pax('9 path=x\n'))).rejects.toMatchObject(broken);
    await expect(scanned(header('x', 'Q'))).rejects.toMatchObject(broken);
    await expect(scanned(header('', '0'))).rejects.toMatchObject(broken);
    await expect(scanned(header('x', '2'))).rejects.toMatchObject(broken);
    await expect(scanned(header('x', '0'), Buffer.alloc(512), header('y', '0'))).rejects.toMatchObject(
      broken,
    );
    await expect(scanLayer(chunksOf(Buffer.from('not a tar at all')))).rejects.toMatchObject(broken);
    await expect(scanLayer(chunksOf(Buffer.alloc(512, 'x')))).rejects.toMatchObject(broken);
  });

  test('extended headers are bounded', async () => {
    const limit = { code: 'archive-limit' };
    await expect(scanned(header('p', 'x', { size: 2_000_000 }))).rejects.toMatchObject(limit);
    await expect(scanned(header('p', 'L', { size: 8_000_000_000 }))).rejects.toMatchObject(limit);
    const many = Array.from({ length: 600 }, () => [
      header('p', 'L', { size: 4096 }),
      Buffer.alloc(4096, 'a'),
    ]);
    await expect(scanned(...many.flat())).rejects.toMatchObject(limit);
    const vast = pax('22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n37 GNU.sparse.realsize=2000000000000\n');
    await expect(scanned(...vast, header('x', '0', { size: 512 }), data('0\n'))).rejects.toMatchObject(limit);
  });

  test('global headers hold until taken back, but name nothing', async () => {
    const text = '10 uid=77\n15 path=hidden\n';
    const { toc } = (await scanned(
      header('g', 'g', { size: text.length }),
      data(text),
      header('a', '0'),
      ...pax('10 uid=78\n'),
      header('b', '0'),
      header('c', '0'),
    )) as { toc: { entries: Entry[] } };
    expect(toc.entries.map(({ path, uid }) => [path, uid])).toEqual([
      ['a', 77],
      ['b', 78],
      ['c', 77],
    ]);
  });

  test('attributes of overlayfs never come in', async () => {
    const { tar } = await layerBytes([
      entry('d', 'dir', {
        xattrs: { 'trusted.overlay.redirect': 'AAAA', 'user.overlay.opaque': 'eQ==', 'user.k': '' },
      }),
    ]);
    const { toc } = await scanLayer(chunksOf(tar));
    expect(toc.entries[0]!.xattrs).toEqual({ 'user.k': '' });
  });
});
