import { describe, expect, test } from 'bun:test';
import { bytesReader, type Entry } from '../../oci/image/index.ts';
import { type MemoryFile, memoryTree } from './memory-tree.ts';
import { placeSources } from './place-sources.ts';
import { followLinks } from './select-sources.ts';

type Given = Partial<Entry> & { readonly path: string };

const file = (path: string, more: Partial<Entry> = {}): Given => ({ path, type: 'file', ...more });
const dir = (path: string, more: Partial<Entry> = {}): Given => ({ path, type: 'dir', mode: 0o755, ...more });
const soft = (path: string, link: string): Given => ({ path, type: 'symlink', link });
const hard = (path: string, link: string, more: Partial<Entry> = {}): Given => ({
  ...{ path, type: 'hardlink', link },
  ...more,
});

interface Setup {
  readonly entries: readonly Given[];
  readonly to?: string;
  readonly image?: readonly MemoryFile[];
  readonly owner?: { uid: number; gid: number };
  readonly chmod?: number;
}

/** What unpacking places, each on its line. */
function extract({ entries, to = '/x', image = [], owner, chmod }: Setup): string[] {
  const existing = memoryTree(image);
  const placed = placeSources(
    [
      {
        name: 'a.tar',
        archive: {
          entries: entries.map(
            (given): Entry => ({ type: 'file', mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 5, ...given }),
          ),
          open: () => bytesReader(new Uint8Array()),
          close() {},
        },
      },
    ],
    {
      destination: {
        get: (path) => (path === '' ? undefined : (existing.get(path) as Entry | undefined)),
        resolve: (path) => followLinks(existing, path) ?? path,
        open: (path) => existing.open(path),
      },
      path: to,
      now: 99,
      ...(owner ? { owner } : {}),
      ...(chmod === undefined ? {} : { chmod: { change: () => chmod, madeDirectories: chmod } }),
    },
  );
  return placed.map(({ entry: { path, type, link, mode, uid, mtime } }) => {
    const at = link === undefined ? '' : `→${link}`;
    return `${path} ${type}${at} ${mode.toString(8)} ${uid} ${mtime}`;
  });
}

describe('unpacking', () => {
  test('entries as they stand, directories made for those that have none', () => {
    const entries = [
      dir('', { uid: 9 }),
      file('d/e/f', { uid: 2 }),
      dir('d', { mode: 0o700, uid: 3, mtime: 4 }),
    ];
    expect(extract({ entries })).toEqual([
      'x dir 755 0 99',
      'x/d dir 700 3 4',
      'x/d/e dir 755 0 99',
      'x/d/e/f file 644 2 5',
    ]);
  });

  test('--chown is for what is in the archive and for its destination, --chmod for nothing', () => {
    const entries = [file('d/f', { uid: 7, mode: 0o4755 })];
    expect(extract({ entries, owner: { uid: 1, gid: 1 }, chmod: 0o600 })).toEqual([
      'x dir 755 1 99',
      'x/d dir 755 0 99',
      'x/d/f file 4755 1 5',
    ]);
  });

  test('what is in the way is replaced, also what the image has below it', () => {
    const image: MemoryFile[] = [
      { path: 'x/f/below', content: '' },
      { path: 'x/d', content: '' },
    ];
    const entries = [file('f'), dir('d'), file('d/in')];
    expect(extract({ entries, image })).toEqual([
      'x dir 755 0 99',
      'x/d dir 755 0 5',
      'x/d/in file 644 0 5',
      'x/f file 644 0 5',
    ]);
    // Replaced by a file first, the directory must not show again what it held.
    expect(extract({ entries: [file('f'), dir('f')], image })).toEqual([
      'x dir 755 0 99',
      'x/f dir 755 0 5',
      'x/f opaque 755 0 5',
    ]);
  });

  test('times that Docker does not keep', () => {
    expect(extract({ entries: [file('old', { mtime: -1 }), file('late', { mtime: 1e10 })] })).toEqual([
      'x dir 755 0 99',
      'x/late file 644 0 0',
      'x/old file 644 0 0',
    ]);
  });
});

describe('links on the way', () => {
  test('of the archive, relative and absolute, have the destination for their root', () => {
    const entries = [
      ...[soft('rel', 'real'), file('rel/a'), soft('abs', '/real/../deep'), file('abs/b')],
      ...[soft('real/back', '..'), file('rel/back/c')],
    ];
    expect(extract({ entries }).map((line) => line.split(' ')[0])).toEqual([
      ...['x', 'x/abs', 'x/c', 'x/deep', 'x/deep/b', 'x/real', 'x/real/a', 'x/real/back', 'x/rel'],
    ]);
  });

  test('of the image too', () => {
    const image: MemoryFile[] = [
      { path: 'usr/lib', type: 'dir', mode: 0o700 },
      { path: 'lib', link: 'usr/lib' },
    ];
    expect(extract({ entries: [file('lib/f')], to: '/', image })).toEqual([
      'usr dir 755 0 0',
      'usr/lib dir 700 0 99',
      'usr/lib/f file 644 0 5',
    ]);
  });

  test.each([
    ['out', '../etc'],
    ['out', 'a/../../etc'],
    ['out', '..'],
  ])('that lead out are refused: %s → %s', (path, link) => {
    const entries = [soft(path, link), file(`${path}/passwd`)];
    for (const to of ['/x', '/'])
      expect(() => extract({ entries, to })).toThrow(
        expect.objectContaining({ code: 'archive-escape', message: expect.stringContaining('a.tar: ') }),
      );
  });

  test('in circles, and names below files, are refused', () => {
    const broken = expect.objectContaining({ code: 'archive-broken' });
    expect(() => extract({ entries: [soft('a', 'b'), soft('b', 'a'), file('a/f')] })).toThrow(broken);
    expect(() => extract({ entries: [file('f'), file('f/g')] })).toThrow(broken);
  });
});

describe('hard links', () => {
  test('come after their file in the layer: it goes to the first of its names', () => {
    const entries = [
      file('c', { mode: 0o600 }),
      hard('b', 'c', { mode: 0o600 }),
      hard('d', 'c', { mode: 0o600 }),
    ];
    expect(extract({ entries }).slice(1)).toEqual([
      'x/b file 600 0 5',
      'x/c hardlink→x/b 600 0 5',
      'x/d hardlink→x/b 600 0 5',
    ]);
  });

  test('give a file another name, and their attributes', () => {
    const entries = [
      file('d/f'),
      hard('h', 'd/f', { mode: 0o600, uid: 3, mtime: 8 }),
      hard('i', 'h', { mode: 0o600 }),
    ];
    expect(extract({ entries }).slice(2)).toEqual([
      'x/d/f file 600 0 5',
      'x/h hardlink→x/d/f 600 3 8',
      'x/i hardlink→x/d/f 600 0 5',
    ]);
  });

  test('of a link are links, and a name given anew leaves the others', () => {
    expect(extract({ entries: [soft('s', 't'), hard('h', 's')] }).slice(1)).toEqual([
      'x/h symlink→t 777 0 5',
      'x/s symlink→t 777 0 5',
    ]);
    expect(extract({ entries: [file('a'), hard('b', 'a'), hard('a', 'b')] }).slice(1)).toEqual([
      'x/a file 644 0 5',
      'x/b hardlink→x/a 644 0 5',
    ]);
  });

  test('may name a file that the image has', () => {
    const image: MemoryFile[] = [{ path: 'x/there', content: 'old', uid: 4 }];
    expect(extract({ entries: [hard('h', 'there', { mode: 0o600 })], image })).toEqual([
      'x dir 755 0 99',
      'x/h file 600 0 5',
      'x/there hardlink→x/h 600 0 5',
    ]);
  });

  test('to nothing, to themselves, to a directory, to what comes later', () => {
    const broken = expect.objectContaining({ code: 'archive-broken' });
    for (const entries of [
      [hard('h', 'none')],
      [hard('h', 'h')],
      [dir('d'), hard('h', 'd')],
      [hard('h', 'later'), file('later')],
    ])
      expect(() => extract({ entries })).toThrow(broken);
    expect(() => extract({ entries: [soft('out', '..'), hard('h', 'out/etc/passwd')] })).toThrow(
      expect.objectContaining({ code: 'archive-escape' }),
    );
  });
});
