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

  test('a wildcard leads through no link, what stands before it does and must be there', () => {
    expect(select(app, 'to-sub/*/c.txt').map((s) => s.path)).toEqual(['sub/deep/c.txt']);
    expect(select(app, 'to-s*/deep')).toEqual([]);
    expect(select(app, 'to-s*').map((s) => s.root.path)).toEqual(['sub']);
    expect(select(app, 'a.txt/*')).toEqual([]);
    expect(() => select(app, 'none/*')).toThrow("'none' is not in the build context");
  });

  test('only next to a wildcard does a backslash take a character literally', () => {
    const odd: MemoryFile[] = ['a*b', 'axb', 'c\\d'].map((path) => ({ path, content: '' }));
    expect(select(odd, 'a\\*[b]').map((s) => s.path)).toEqual(['a*b']);
    expect(select(odd, 'c\\d').map((s) => s.path)).toEqual(['c\\d']);
    expect(() => select(odd, 'a\\*b')).toThrow("'a\\\\*b' is not in");
  });

  test('exclusions are relative to the source, and are not about the source itself', () => {
    const tree = memoryTree(app);
    const excludes = (path: string) => /(^|\/)(a\.txt|sub|c\.txt)$/.test(path);
    const found = (path: string) =>
      selectSources({ tree, path, origin: 'x', excludes }).map(({ path: p, below }) => [
        p,
        below.map(({ relative, implied }) => (implied ? `(${relative})` : relative)),
      ]);
    expect(found('*.txt')).toEqual([
      ['a.txt', []],
      ['b.txt', []],
    ]);
    expect(found('.')).toEqual([['', ['b.txt', 'out', '(sub)', 'sub/deep', 'sub/link', 'to-a', 'to-sub']]]);
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

  test('names of one file stay names of one file only within one source', () => {
    const files: MemoryFile[] = [
      { path: 'h/one', content: 'same', inode: '1' },
      { path: 'h/two', content: 'same', inode: '1' },
    ];
    expect(copy({ files, paths: ['h/one', 'h/two'], to: '/d/' })).toEqual([
      'd dir 755',
      'd/one file 644',
      'd/two file 644',
    ]);
  });

  test('directories get the times that a file system gives them', () => {
    const tree = memoryTree([
      { path: 'src', type: 'dir', mtime: 5 },
      { path: 'src/sub', type: 'dir', mtime: 6 },
      { path: 'src/sub/f', content: '', mtime: 7 },
      { path: 'g', content: '', mtime: 8 },
    ]);
    const image = memoryTree([
      { path: 'there', type: 'dir', mtime: 1 },
      { path: 'there/sub', type: 'dir', mtime: 2 },
      { path: 'there/kept/in', content: '', mtime: 3 },
    ]);
    const times = (path: string, to: string) => {
      const placed = placeSources(selectSources({ tree, path, origin: 'x' }), {
        destination: {
          get: (p) => (p === '' ? undefined : (image.get(p) as Entry | undefined)),
          resolve: (p) => p,
        },
        path: to,
        now: 99,
      });
      return Object.fromEntries(placed.map(({ entry }) => [entry.path, entry.mtime]));
    };
    expect(times('src', '/new/dir')).toEqual({ new: 99, 'new/dir': 5, 'new/dir/sub': 6, 'new/dir/sub/f': 7 });
    expect(times('src', '/there')).toEqual({ there: 5, 'there/sub': 6, 'there/sub/f': 7 });
    expect(times('g', '/there/sub/')).toEqual({ there: 1, 'there/sub': 99, 'there/sub/g': 8 });
    expect(times('.', '/new')).toMatchObject({ new: 99, 'new/src': 5 });
  });

  test('a directory that is merged keeps its extended attributes', () => {
    const tree = memoryTree([{ path: 'd/sub', type: 'dir' }]);
    const get = (path: string): Entry | undefined => {
      const entry = memoryTree([{ path: 'sub', type: 'dir' }]).get(path) as Entry | undefined;
      return entry && { ...entry, xattrs: { 'user.old': 'bw==' } };
    };
    const [placed] = placeSources(selectSources({ tree, path: 'd', origin: 'x' }), {
      destination: { get: (path) => (path === '' ? undefined : get(path)), resolve: (path) => path },
      path: '/',
      now: 1,
    });
    expect(placed!.entry).toMatchObject({ path: 'sub', xattrs: { 'user.old': 'bw==' } });
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
      { path: 'srv', type: 'dir', mode: 0o700, uid: 0, gid: 0, size: 0, mtime: 7 },
      { path: 'srv/app', type: 'dir', mode: 0o755, uid: 5, gid: 6, size: 0, mtime: 7 },
    ]);
  });
});
