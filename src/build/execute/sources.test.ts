import { describe, expect, test } from 'bun:test';
import type { Entry } from '../../oci/image/index.ts';
import { type MemoryFile, memoryTree } from './memory-tree.ts';
import { placeDirectory, placeSources } from './place-sources.ts';
import { followLinks, selectSources } from './select-sources.ts';

function select(files: MemoryFile[], ...paths: string[]) {
  const tree = memoryTree(files);
  return paths.flatMap((path) => selectSources({ tree, path, origin: 'the build context' }));
}

/** Copies `paths` of `files` to `to` over an image that holds `image`; returns `path type mode owner` lines. */
function copy(setup: { files: MemoryFile[]; paths: string[]; to: string; image?: MemoryFile[] }): string[] {
  const existing = memoryTree(setup.image ?? []);
  const destination = {
    get: (path: string) => (path === '' ? undefined : (existing.get(path) as Entry | undefined)),
    resolve: (path: string) => followLinks(existing, path) ?? path,
  };
  const selections = select(setup.files, ...setup.paths);
  const placed = placeSources(selections, {
    destination,
    path: setup.to,
    now: 99,
    owner: { uid: 0, gid: 0 },
  });
  return placed.map(
    ({ entry }) =>
      `${entry.path} ${entry.type}${entry.link ? `→${entry.link}` : ''} ${entry.mode.toString(8)}`,
  );
}

const app: MemoryFile[] = [
  { path: 'a.txt', content: 'a' },
  { path: 'b.txt', content: 'bb' },
  { path: 'sub/deep/c.txt', content: 'c', mode: 0o600 },
  { path: 'sub/link', link: 'deep/c.txt' },
  { path: 'to-a', link: 'a.txt' },
  { path: 'to-sub', link: '/sub' },
  { path: 'out', link: '../../../a.txt' },
];

describe('selecting', () => {
  test('a directory brings what is below it, links as links', () => {
    const [selection] = select(app, 'sub');
    expect(selection!.below.map((b) => b.relative)).toEqual(['deep', 'deep/c.txt', 'link']);
  });

  test('a named link is followed and keeps its name, a link out of the root stays inside', () => {
    expect(select(app, 'to-a')[0]).toMatchObject({ name: 'to-a', root: { path: 'a.txt' } });
    expect(select(app, 'to-sub/deep')[0]).toMatchObject({ root: { path: 'sub/deep' } });
    expect(select(app, 'out')[0]).toMatchObject({ root: { path: 'a.txt' } });
    expect(select(app, '../../a.txt')[0]).toMatchObject({ root: { path: 'a.txt' } });
  });

  test('patterns match per directory, and match nothing in silence', () => {
    expect(select(app, '*.txt').map((s) => s.path)).toEqual(['a.txt', 'b.txt']);
    expect(select(app, 'sub/*/c.*').map((s) => s.path)).toEqual(['sub/deep/c.txt']);
    expect(select(app, '*.none')).toEqual([]);
  });

  test('a missing name suggests the nearest', () => {
    try {
      select(app, 'sub/dep/c.txt');
      throw new Error('found');
    } catch (error) {
      expect(error).toMatchObject({ code: 'source-missing', hint: "did you mean 'sub/deep'?" });
    }
  });

  test('links that go in circles are missing, not endless', () => {
    expect(() =>
      select(
        [
          { path: 'x', link: 'y' },
          { path: 'y', link: 'x' },
        ],
        'x',
      ),
    ).toThrow("'x' is not in");
  });
});

describe('placing', () => {
  test('a file takes the name of the destination, or goes into the directory', () => {
    expect(copy({ files: app, paths: ['a.txt'], to: '/x/y' })).toEqual(['x dir 755', 'x/y file 644']);
    expect(copy({ files: app, paths: ['a.txt'], to: '/x/' })).toEqual(['x dir 755', 'x/a.txt file 644']);
    const image: MemoryFile[] = [{ path: 'x', type: 'dir', mode: 0o711 }];
    expect(copy({ files: app, paths: ['a.txt'], to: '/x', image })).toEqual([
      'x dir 711',
      'x/a.txt file 644',
    ]);
  });

  test('the contents of a directory are copied, the top directory keeps its own mode', () => {
    const files: MemoryFile[] = [
      { path: 'd', type: 'dir', mode: 0o700 },
      { path: 'd/e', type: 'dir', mode: 0o750 },
    ];
    expect(copy({ files, paths: ['d'], to: '/n' })).toEqual(['n dir 755', 'n/e dir 750']);
    const image: MemoryFile[] = [{ path: 'n/e', type: 'dir', mode: 0o777 }];
    expect(copy({ files, paths: ['d'], to: '/n', image })).toEqual(['n dir 755', 'n/e dir 750']);
  });

  test('links in the destination are followed', () => {
    const image: MemoryFile[] = [
      { path: 'usr/lib', type: 'dir' },
      { path: 'lib', link: 'usr/lib' },
    ];
    expect(copy({ files: app, paths: ['a.txt'], to: '/lib/', image })).toEqual([
      'usr dir 755',
      'usr/lib dir 755',
      'usr/lib/a.txt file 644',
    ]);
  });

  test('directories and files do not replace one another', () => {
    const image: MemoryFile[] = [
      { path: 'f', content: '' },
      { path: 'd/a.txt', type: 'dir' },
    ];
    expect(() => copy({ files: app, paths: ['sub'], to: '/f', image })).toThrow(
      'cannot copy a directory over',
    );
    expect(() => copy({ files: app, paths: ['a.txt'], to: '/d/', image })).toThrow(
      'cannot replace the directory',
    );
    expect(() => copy({ files: app, paths: ['a.txt'], to: '/f/', image })).toThrow(
      'is a file, not a directory',
    );
    expect(() => copy({ files: app, paths: ['a.txt'], to: '/f/g', image })).toThrow(
      'is a file, not a directory',
    );
  });

  test('a directory over a link is refused even where the link leads to a directory', () => {
    const image: MemoryFile[] = [
      { path: 'usr/lib', type: 'dir' },
      { path: 'lib', link: 'usr/lib' },
    ];
    const files: MemoryFile[] = [{ path: 'root/lib/x', content: '' }];
    expect(() => copy({ files, paths: ['root'], to: '/', image })).toThrow('cannot copy a directory over');
  });

  test('hard links stay links, and survive that their first name is replaced', () => {
    const files: MemoryFile[] = [
      { path: 'h/one', content: 'same', inode: '1' },
      { path: 'h/two', content: 'same', inode: '1' },
      { path: 'h/zzz', content: 'same', inode: '1' },
      { path: 'g/one', content: 'other' },
    ];
    expect(copy({ files, paths: ['h'], to: '/' })).toEqual([
      'one file 644',
      'two hardlink→one 644',
      'zzz hardlink→one 644',
    ]);
    expect(copy({ files, paths: ['h', 'g'], to: '/' })).toEqual([
      'one file 644',
      'two file 644',
      'zzz hardlink→two 644',
    ]);
  });

  test('several matches without a trailing slash go over one another', () => {
    expect(copy({ files: app, paths: ['*.txt'], to: '/wild' })).toEqual(['wild file 644']);
  });

  test('a directory that is there makes no entry, a missing one brings its parents', () => {
    const image = memoryTree([{ path: 'srv', type: 'dir', mode: 0o700 }]);
    const destination = { get: (p: string) => image.get(p) as Entry | undefined, resolve: (p: string) => p };
    expect(placeDirectory({ destination, path: '/srv', now: 1 })).toEqual([]);
    const made = placeDirectory({ destination, path: '/srv/app', now: 7, owner: { uid: 5, gid: 6 } });
    expect(made.map((m) => m.entry)).toEqual([
      { path: 'srv', type: 'dir', mode: 0o700, uid: 0, gid: 0, size: 0, mtime: 0 },
      { path: 'srv/app', type: 'dir', mode: 0o755, uid: 5, gid: 6, size: 0, mtime: 7 },
    ]);
  });
});
