// Layers on a real overlayfs: what a command changed is read back, and what merged trees say is what is mounted.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  anyLayer,
  chunksOf,
  describeMerged,
  describeTree,
  entry,
  file,
  layerBytes,
} from '../../testkit/layers.ts';
import { runs } from '../../testkit/runs.ts';
import type { Entry, TableOfContents } from '../image/index.ts';
import {
  isSelfContained,
  type LayerSourceEntry,
  mergeTables,
  scanLayer,
  unpackLayer,
  upperEntries,
} from './index.ts';

const ROOT = process.getuid?.() === 0;
let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'overlay-'));
  chmodSync(directory, 0o755);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function fresh(name: string): string {
  const path = mkdtempSync(join(directory, `${name}-`));
  chmodSync(path, 0o755);
  return path;
}

function run(command: string[], cwd = directory): string {
  const { stdout, stderr, exitCode } = Bun.spawnSync(command, { cwd, env: { ...process.env, LC_ALL: 'C' } });
  if (exitCode !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
  return stdout.toString();
}

const OFF = 'index=off,metacopy=off,redirect_dir=off,xino=off';

/** Mounts layers (bottom first) while `use` runs. */
function mounted<T>(lowers: readonly string[], upper: string | undefined, use: (root: string) => T): T {
  const at = fresh('mnt');
  const lower = [...lowers].reverse().join(':');
  const writable = upper === undefined ? '' : `,upperdir=${upper},workdir=${fresh('work')}`;
  // With one directory only, overlayfs asks for an upper one.
  const padded = upper === undefined && lowers.length === 1 ? `${lower}:${fresh('empty')}` : lower;
  run(['mount', '-t', 'overlay', 'overlay', '-o', `lowerdir=${padded}${writable},${OFF}`, at]);
  try {
    return use(at);
  } finally {
    run(['umount', at]);
  }
}

interface Stack {
  readonly directories: string[];
  readonly tables: TableOfContents[];
}

const lowerFile = (stack: Stack) => (path: string) => {
  const found = mergeTables(stack.tables).get(path);
  return found && join(stack.directories[found.layer]!, path);
};

/** Unpacks one layer more. */
async function put(stack: Stack, entries: Iterable<LayerSourceEntry>): Promise<Stack> {
  const { tar } = await layerBytes(entries);
  const target = fresh('layer');
  const { scanned } = await unpackLayer(chunksOf(tar), target, {
    overlayXattr: 'trusted',
    lower: mergeTables(stack.tables),
    lowerPath: lowerFile(stack),
    scan: true,
  });
  return { directories: [...stack.directories, target], tables: [...stack.tables, scanned!.toc] };
}

const NOTHING: Stack = { directories: [], tables: [] };

const base: LayerSourceEntry[] = [
  entry('bin', 'symlink', { link: 'usr/bin', mode: 0o777 }),
  entry('dir', 'dir', { mode: 0o2775, uid: 5 }),
  file('dir/a', 'a', { uid: 7, gid: 8, mode: 0o4755, xattrs: { 'user.k': 'AAE=' } }),
  file('dir/b', 'b'),
  entry('dir/sub', 'dir'),
  file('dir/sub/x', 'x'),
  file('dir/sub/y', 'y'),
  entry('dir/sub/deep', 'dir'),
  file('dir/sub/deep/z', 'z'),
  entry('links', 'dir'),
  file('links/one', 'shared'),
  entry('links/two', 'hardlink', { link: 'links/one' }),
  entry('usr', 'dir'),
  entry('usr/bin', 'dir'),
  file('usr/bin/tool', '#!', { mode: 0o755 }),
];

const COMMANDS: Record<string, string> = {
  nothing: ':',
  'write and append': 'echo new > dir/new; echo more >> dir/a',
  delete: 'rm dir/a; rm links/one',
  'delete a directory': 'rm -r dir/sub',
  'rename a file': 'mv dir/a dir/renamed',
  'rename a directory': 'mv dir moved',
  'directory to file': 'rm -r dir/sub; echo f > dir/sub',
  'directory to link': 'rm -r dir/sub; ln -s ../usr dir/sub',
  'file to directory': 'rm dir/a; mkdir dir/a; echo x > dir/a/x',
  'link to directory': 'rm bin; mkdir bin; echo x > bin/x',
  'directory made again, empty': 'rm -r dir; mkdir dir',
  'directory made again, with less':
    'rm -r dir; mkdir -p dir/sub/deep; echo n > dir/sub/n; echo y2 > dir/sub/y',
  'file made again': 'rm dir/a; echo again > dir/a; chmod 600 dir/a',
  'metadata only': 'chmod 4711 dir/b; chown 100:200 dir/sub; touch -d @77 links/one; chmod 1777 dir',
  'hard links': 'ln dir/a dir/a2; ln links/one links/three; echo q > q; ln q q2; ln q dir/q3; ln -s q s',
  'one of two names written': 'echo changed > links/two',
  attributes:
    'setfattr -n user.x -v 1 dir/a; setfattr -x user.k dir/a; setfattr -n user.d -v 2 dir; cp usr/bin/tool usr/bin/ping; setcap cap_net_raw+ep usr/bin/ping',
  'odd names': `printf x > "$(printf 'dir/\\377\\001')"; printf x > "$(printf 'dir/new\\nline')"; touch "dir/ sp ace "; touch dir/${'n'.repeat(255)}; mkdir 'dir/-'`,
  'sparse and empty': 'truncate -s 3M sparse; printf x >> sparse; : > empty; truncate -s 1M hole',
  'special files':
    'mkfifo dir/pipe; mknod dir/dev c 1 3; mknod dir/blk b 7 0; python3 -c "import socket; socket.socket(socket.AF_UNIX).bind(\'dir/sock\')"',
  'through a link': 'echo new > bin/other; rm bin/tool',
  'made and deleted': 'mkdir gone; echo x > gone/x; rm -r gone; echo y > dir/y; rm dir/y',
  'everything deleted': 'rm -r -- * ',
};

describe.if(ROOT)('what a command changed', () => {
  for (const [name, script] of Object.entries(COMMANDS)) {
    test(name, async () => {
      const stack = await put(NOTHING, base);
      const upper = fresh('upper');
      const seen = mounted(stack.directories, upper, (root) => {
        run(['sh', '-ec', `umask 022; ${script}`], root);
        return describeTree(root).filter((text) => !text.includes('" socket '));
      });
      const lower = mergeTables(stack.tables);
      const entries = [...upperEntries(upper, { lower, overlayXattr: 'trusted' })];
      const layer = await layerBytes(entries);
      expect(layer.toc.entries.map(({ path }) => path)).not.toContain('gone');
      const next = await put(stack, entries);
      const deletes = layer.toc.entries.some(({ type }) => type === 'whiteout');
      expect(isSelfContained(layer.toc)).toBe(!deletes);
      const merged = mergeTables(next.tables);
      expect(mounted(next.directories, undefined, describeTree)).toEqual(seen);
      expect(describeMerged(merged)).toEqual(seen);
      // Docker unpacks onto one directory; so does umoci.
      const flat = fresh('flat');
      applyFlat(flat, [(await layerBytes(base)).tar, layer.tar]);
      expect(untimed(describeTree(flat))).toEqual(untimed(seen));
      // Reading the same again gives the same bytes.
      const again = await layerBytes(upperEntries(upper, { lower, overlayXattr: 'trusted' }));
      expect(again.info).toEqual(layer.info);
      if (name === 'nothing') expect(layer.toc.entries).toEqual([]);
    });
  }

  test('the root comes only where it changed', async () => {
    const stack = await put(NOTHING, [entry('', 'dir', { mode: 0o755 }), file('f', 'x')]);
    const upper = fresh('upper');
    const options = { lower: mergeTables(stack.tables), overlayXattr: 'trusted' } as const;
    expect([...upperEntries(upper, options)]).toEqual([]);
    chmodSync(upper, 0o700);
    const [root] = [...upperEntries(upper, options)];
    expect(root!.entry).toMatchObject({ path: '', type: 'dir', mode: 0o700 });
    const { tar } = await layerBytes([root!]);
    expect(tar.subarray(0, 3).toString()).toBe('./\0');
  });

  test('paths can be left out', async () => {
    const upper = fresh('upper');
    run(['sh', '-c', 'mkdir proc etc; touch proc/x etc/hosts etc/other'], upper);
    const omit = (path: string) => path === 'proc' || path === 'etc/hosts';
    const options = { lower: mergeTables([]), overlayXattr: 'trusted', omit } as const;
    expect([...upperEntries(upper, options)].map(({ entry: { path } }) => path)).toEqual([
      'etc',
      'etc/other',
    ]);
  });

  test('an overlay mounted with redirect_dir is our mistake', () => {
    const upper = fresh('upper');
    mkdirSync(join(upper, 'd'));
    run(['setfattr', '-n', 'trusted.overlay.redirect', '-v', '/x', 'd'], upper);
    const read = () => [...upperEntries(upper, { lower: mergeTables([]), overlayXattr: 'trusted' })];
    expect(read).toThrow('redirect_dir=off');
  });
});

function untimed(lines: string[]): string[] {
  return lines.map((text) => text.replace(/ (dir \d+ \d+:\d+) -?\d+/, ' $1'));
}

/** Applies a layer as tools without overlayfs do: deletions first, where they stand; then the files. */
function applyFlat(root: string, tars: Uint8Array[]): void {
  const script = `
import tarfile, sys, io, os, shutil
data = sys.stdin.buffer.read()
opened = lambda part: tarfile.open(fileobj=io.BytesIO(part), errors='surrogateescape')
first = int(sys.argv[1])
for t, m in [(t, m) for t in (opened(data[:first]), opened(data[first:])) for m in t]:
    base = os.path.basename(m.name)
    path = os.path.join('.', m.name)
    if base.startswith('.wh.'):
        assert base != '.wh..wh..opq'
        gone = os.path.join(os.path.dirname(path), base[4:])
        shutil.rmtree(gone) if os.path.isdir(gone) and not os.path.islink(gone) else os.unlink(gone)
        continue
    if os.path.lexists(path) and not (m.isdir() and os.path.isdir(path) and not os.path.islink(path)):
        shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.unlink(path)
    t.extract(m, '.', numeric_owner=True, filter='fully_trusted')
    if m.issym(): os.utime(path, (m.mtime, m.mtime), follow_symlinks=False)
    for k, v in m.pax_headers.items():
        if k.startswith('SCHILY.xattr.'): os.setxattr(path, k[13:], v.encode('utf-8', 'surrogateescape'))
    if m.isfile() or m.isfifo() or m.ischr() or m.isblk(): os.utime(path, (m.mtime, m.mtime))
    if m.isdir():
        have = set(os.listxattr(path))
        for k in have - {k[13:] for k in m.pax_headers}: os.removexattr(path, k)
`;
  const { stderr, exitCode } = Bun.spawnSync(['python3', '-c', script, String(tars[0]!.length)], {
    cwd: root,
    stdin: Buffer.concat(tars),
  });
  if (exitCode !== 0) throw new Error(stderr.toString());
}

describe.if(ROOT)('unpacking', () => {
  test('and reading back is the identity for any layer', async () => {
    await fc.assert(
      fc.asyncProperty(anyLayer, async (entries) => {
        const layer = await layerBytes(entries);
        const target = fresh('any');
        const { scanned, skipped } = await unpackLayer(chunksOf(layer.tar), target, {
          overlayXattr: 'trusted',
          scan: true,
        });
        expect(skipped).toEqual([]);
        expect(scanned).toEqual({ info: layer.info, toc: layer.toc });
        const back = await layerBytes(
          upperEntries(target, { lower: mergeTables([]), overlayXattr: 'trusted' }),
        );
        expect(back.toc).toEqual(layer.toc);
        expect(back.info).toEqual(layer.info);
        expect(describeMerged(mergeTables([layer.toc]))).toEqual(describeTree(target));
        rmSync(target, { recursive: true });
      }),
      runs(50),
    );
  }, 120_000);

  test('long runs of zeroes take no space', async () => {
    const content = new Uint8Array(3 << 20);
    content.set([1], 1_000_000);
    const stack = await put(NOTHING, [file('sparse', content), file('hole', new Uint8Array(1 << 20))]);
    const blocks = run(['stat', '-c', '%b', 'sparse', 'hole'], stack.directories[0]!).trim().split('\n');
    expect(blocks.map(Number)).toEqual([8, 0]);
  });

  const name = fc.constantFrom('a', 'b', 'c');
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  const anyEntry: fc.Arbitrary<LayerSourceEntry> = fc
    .tuple(
      path,
      fc.constantFrom<Entry['type'][]>(
        'file',
        'file',
        'dir',
        'dir',
        'symlink',
        'hardlink',
        'whiteout',
        'opaque',
      ),
      fc.oneof(
        path,
        path.map((text) => `/${text}`),
        path.map((text) => `../${text}`),
      ),
      fc.nat(3),
    )
    .map(([at, type, link, n]) => {
      if (type === 'file') return file(at, `content ${n}`, { mtime: n, mode: 0o600 + n });
      if (type === 'symlink') return entry(at, type, { link, mode: 0o777, mtime: n });
      if (type === 'hardlink') return entry(at, type, { link: link.replace(/^(\/|\.\.\/)/, '') });
      return entry(at, type, type === 'dir' ? { mode: 0o700 + n, mtime: n } : {});
    });
  /**
   * Without what no archive of this world has and tools differ about: a path twice in one layer, and a hard link
   * to what the layer itself hides.
   */
  const sane = (entries: LayerSourceEntry[]) => {
    const deletes = (type: string) => type === 'whiteout' || type === 'opaque';
    const once = entries.filter(
      ({ entry: { path: at, type } }, i) =>
        deletes(type) ||
        entries.findIndex(({ entry: other }) => other.path === at && !deletes(other.type)) === i,
    );
    const files = once.filter(({ entry: { type } }) => type !== 'dir' && !deletes(type));
    return once.filter(
      ({ entry: { type, link } }) =>
        type !== 'hardlink' || !files.some(({ entry: { path: at } }) => link!.startsWith(`${at}/`)),
    );
  };
  const anyStack = fc.array(fc.array(anyEntry, { maxLength: 6 }).map(sane), { minLength: 1, maxLength: 3 });

  test('a deletion below a directory that replaces a link leads nowhere', async () => {
    const below = await put(NOTHING, [file('b/b/a', 'x'), entry('c', 'symlink', { link: '../b' })]);
    const stack = await put(below, [entry('c/b/a', 'opaque'), entry('c', 'dir', { mode: 0o700 })]);
    const seen = mounted(stack.directories, undefined, describeTree);
    expect(seen.some((line) => line.includes('c/b'))).toBe(false);
    expect(seen.some((line) => line.includes('b/b/a'))).toBe(true);
  });

  test('a deletion below a link that leads round in circles says nothing', async () => {
    const below = await put(NOTHING, [entry('a/a', 'symlink', { link: 'a' }), file('b', 'x')]);
    const layer = [entry('a', 'dir', { mode: 0o700 }), entry('a/a/a', 'whiteout'), entry('b', 'whiteout')];
    const stack = await put(below, layer);
    const { toc } = await scanLayer(chunksOf((await layerBytes(layer)).tar));
    expect([...describeMerged(mergeTables([...below.tables, toc]))].join()).not.toContain('"b"');
    expect(mounted(stack.directories, undefined, describeTree)).toHaveLength(2);
  });

  const link = (at: string, target: string) => entry(at, 'symlink', { link: target, mode: 0o777 });
  const hard = (at: string, target: string) => entry(at, 'hardlink', { link: target });

  // Links of the layers below lead to files that this layer brings, past directories that it does not touch.
  test.each<[string, LayerSourceEntry[], LayerSourceEntry[], string]>([
    ['takes itself away', [link('a', '/b/a')], [file('a/c', 'x'), hard('b', 'a/c')], 'archive-broken'],
    [
      'takes itself away, by a way round',
      [link('a/c', '/b')],
      [file('b/a', 'x'), hard('b', 'a/c/a')],
      'archive-broken',
    ],
    [
      'leads through a link of its layer',
      [link('c/b', '../b')],
      [link('b', '/a'), hard('a', 'c/b/a')],
      'archive-escape',
    ],
    [
      'leads into a link of its layer',
      [link('a/c', '../c/a')],
      [hard('a/a', 'a/c/a'), link('c', 'a')],
      'archive-escape',
    ],
    [
      'leads to a file below a directory that hides it',
      [file('b/c', 'x'), link('a', 'b')],
      [entry('a', 'dir'), hard('c', 'a/c')],
      'archive-broken',
    ],
  ])('and merging refuse a hard link that %s', async (_, below, layer, code) => {
    const stack = await put(NOTHING, below);
    const { toc } = await scanLayer(chunksOf((await layerBytes(layer)).tar));
    expect(attempt(() => mergeTables([...stack.tables, toc]))).toBe(code);
    await expect(put(stack, layer)).rejects.toMatchObject({ code });
  });

  test('a hard link finds a file of its own layer through a link of those below', async () => {
    const below = await put(NOTHING, [link('a/c', '/x'), file('x/f', 'old')]);
    const stack = await put(below, [file('x/f', 'new'), hard('h', 'a/c/f')]);
    const seen = mounted(stack.directories, undefined, describeTree);
    expect(describeMerged(mergeTables(stack.tables))).toEqual(seen);
    expect(mounted(stack.directories, undefined, (root) => run(['cat', 'h'], root))).toBe('new');
  });

  test('and merging agree on any stack, as mounted', async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(anyStack, async (layers) => {
        let stack = NOTHING;
        for (const entries of layers) {
          const { tar } = await layerBytes(entries);
          const { toc } = await scanLayer(chunksOf(tar));
          const merged = attempt(() => mergeTables([...stack.tables, toc]));
          const unpacked = await put(stack, entries).catch((error) => error);
          if (typeof merged === 'string' || unpacked instanceof Error) {
            expect(merged as unknown).toBe(unpacked.code);
            return;
          }
          stack = unpacked;
          const seen = mounted(stack.directories, undefined, describeTree);
          const timeless = (lines: string[]) =>
            lines.map((text) => text.replace(/ (dir \d+ \d+:\d+) \d+/, ' $1'));
          expect(timeless(describeMerged(merged))).toEqual(timeless(seen));
          accepted++;
        }
      }),
      runs(80),
    );
    expect(accepted).toBeGreaterThan(25);
  }, 120_000);

  function attempt<T>(make: () => T): T | string {
    try {
      return make();
    } catch (error) {
      return (error as { code: string }).code;
    }
  }
});
