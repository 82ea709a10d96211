import { describe, expect, test } from 'bun:test';
import type { Digest } from '../../core/index.ts';
import type { Entry } from '../../oci/image/index.ts';
import type { ObservedImage } from '../optimize/index.ts';
import { type DebianDatabase, readDebianDatabase } from '../packages/index.ts';
import { judge } from './judge.ts';
import { noiseOf } from './noise.ts';

const digest = (text: string) =>
  `sha256:${Buffer.from(text).toString('hex').slice(0, 64).padEnd(64, '0')}` as Digest;
const file = (path: string, content = ''): Entry => ({
  ...({ path, type: 'file', mode: 0o644, uid: 0, gid: 0, size: content.length, mtime: 1 } as const),
  digest: digest(content),
});
const link = (path: string, to: string): Entry => ({ ...file(path), type: 'symlink', link: to });
const dir = (path: string): Entry => ({ ...file(path), type: 'dir' });

/** Packages and their files; `tool` recommends `helper`. */
const LISTS: Readonly<Record<string, string>> = {
  base: '/etc\n/usr\n/usr/bin\n/usr/bin/sh\n/usr/share\n',
  tool: '/usr\n/usr/bin\n/usr/bin/tool\n',
  netbase: '/etc\n/etc/services\n',
  helper:
    '/usr\n/usr/bin\n/usr/bin/helper\n/usr/lib/helper\n/usr/lib/helper/mod.py\n/usr/lib/helper/settings\n/usr/lib/helper/none\n/usr/share\n',
};
const WANTS: Readonly<Record<string, string>> = { tool: 'Depends: base\nRecommends: helper\n' };

function databaseOf(names: readonly string[], more = ''): DebianDatabase {
  return readDebianDatabase({
    status: names
      .map(
        (name) =>
          `Package: ${name}\nStatus: install ok installed\nArchitecture: all\nVersion: 1${more}\n${WANTS[name] ?? ''}`,
      )
      .join('\n'),
    lists: new Map(names.map((name) => [name, LISTS[name]!])),
    real: (path) => path,
  });
}

const KEPT = [
  ...[
    'usr',
    'usr/bin',
    'usr/lib',
    'usr/share',
    'etc',
    'etc/alternatives',
    'opt',
    'var',
    'var/log',
    'var/log/apt',
  ],
  ...['var/lib', 'var/lib/dpkg', 'var/lib/dpkg/alternatives', 'var/lib/dpkg/info', 'var/lib/dpkg/triggers'],
].map(dir);
const FILES = [file('usr/bin/sh'), file('usr/bin/tool'), file('app', 'mine')];
const BOOKS = (content: string) => [
  ...[
    file('var/lib/dpkg/status', content),
    file('var/log/apt/history.log', content),
    file('etc/ld.so.cache', content),
  ],
];
/** What comes with `helper`. */
const GONE = [
  ...[file('usr/bin/helper'), dir('usr/lib/helper'), file('usr/lib/helper/mod.py')],
  ...[dir('usr/lib/helper/__pycache__'), file('usr/lib/helper/__pycache__/mod.cpython-311.pyc')],
  ...[link('etc/alternatives/help', '/usr/bin/helper'), link('usr/bin/help', '/etc/alternatives/help')],
  ...[
    file('var/lib/dpkg/alternatives/help'),
    file('var/lib/dpkg/info/helper.list'),
    file('usr/lib/helper/cache'),
  ],
];

function image(entries: readonly Entry[]): ObservedImage {
  const config = { os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: [] } } as const;
  return {
    ...{ imageId: digest('i'), config, diffIds: [digest('l')], bytes: 0, sent: 0 },
    tables: [{ entries }],
  };
}

interface Given {
  readonly before?: readonly Entry[];
  readonly after?: readonly Entry[];
  readonly removed?: readonly string[];
  readonly left?: DebianDatabase;
  /** Installed besides in the original. */
  readonly had?: readonly string[];
  readonly needs?: Readonly<Record<string, readonly string[]>>;
}

function verdict({ before = [], after = [], removed = ['helper'], left, needs = {}, had = [] }: Given) {
  const old = image([...KEPT, ...FILES, ...BOOKS('1'), ...GONE, ...before]);
  return judge(old, image([...KEPT, ...FILES, ...BOOKS('2'), ...after]), {
    noise: noiseOf(old, []),
    allows: [{ what: 'packages', removed }],
    packages: {
      before: databaseOf(['base', 'tool', 'helper', ...had]),
      after: left ?? databaseOf(['base', 'tool']),
      needs: new Map(Object.entries(needs)),
    },
  });
}

const pathsOf = ({ files }: ReturnType<typeof judge>) => files.map(({ kind, path }) => `${kind} ${path}`);

describe('a package that is gone', () => {
  test('goes with what its scripts copied of it, and noted of its units', () => {
    const helper = file('var/lib/systemd/deb-systemd-user-helper-enabled/a.socket.dsh-also');
    const copy = [file('usr/lib/helper/settings', 'all'), file('etc/settings', 'all'), helper];
    expect(pathsOf(verdict({ before: copy }))).toEqual([]);
    expect(pathsOf(verdict({ before: [file('etc/settings', 'all')] }))).toEqual(['removed etc/settings']);
    const empty = [file('usr/lib/helper/none'), file('etc/none')];
    expect(pathsOf(verdict({ before: empty }))).toEqual(['removed etc/none']);
  });
  test('goes with what its scripts are known to write', () => {
    const networks = file('etc/networks', 'default 0.0.0.0');
    const before = [file('etc/services', 's'), networks, file('var/lib/dpkg/info/netbase.list')];
    const removed = ['helper', 'netbase'];
    expect(pathsOf(verdict({ before, removed, had: ['netbase'] }))).toEqual([]);
    expect(pathsOf(verdict({ before: [networks] }))).toEqual(['removed etc/networks']);
  });
  test('goes with what was its alone, what was made of that, and the books', () => {
    const found = verdict({});
    expect(pathsOf(found)).toEqual([]);
    expect(found.same).toBe(true);
    expect(found.allowed.map(({ paths }) => paths)).toEqual([GONE.length + 3]);
  });

  test('takes nothing of another with it, nor what nobody lists', () => {
    for (const path of ['etc/passwd', 'opt/x', 'usr/bin/mine', 'var/lib/dpkg/info/tool.list'])
      expect(pathsOf(verdict({ before: [file(path)] }))).toEqual([`removed ${path}`]);
    expect(pathsOf(verdict({ before: [link('usr/bin/other', 'sh')] }))).toEqual(['removed usr/bin/other']);
    expect(pathsOf(verdict({ before: [link('a', 'b'), link('b', 'a')] }))).toEqual([
      'removed a',
      'removed b',
    ]);
  });

  test('changes nothing, and adds nothing', () => {
    const changed = { before: [file('etc/group', '1')], after: [file('etc/group', '2')] };
    expect(pathsOf(verdict(changed))).toEqual(['changed etc/group']);
    expect(pathsOf(verdict({ after: [file('var/lib/dpkg/triggers/File')] }))).toEqual([
      'added var/lib/dpkg/triggers/File',
    ]);
    const other = { before: [link('etc/alternatives/e', 'a')], after: [link('etc/alternatives/e', 'b')] };
    expect(pathsOf(verdict(other))).toEqual(['changed etc/alternatives/e']);
  });

  test('has to be one that was named, and leave the others as they were', () => {
    expect(verdict({ removed: ['tool'] }).same).toBe(false);
    expect(verdict({ left: databaseOf(['base', 'tool'], '.1') }).same).toBe(false);
    expect(pathsOf(verdict({ left: databaseOf(['base', 'tool'], '.1') }))).toContain(
      'changed var/lib/dpkg/status',
    );
  });

  test('must not be one that another depends on', () => {
    const found = verdict({
      ...{ removed: ['helper', 'base'], left: databaseOf(['tool']) },
    });
    expect(found.missed).toEqual([{ what: 'package', name: 'tool', needed: 'base' }]);
    expect(found.same).toBe(false);
  });

  test('must not have what a program that stays starts with', () => {
    const needs = { app: ['usr/bin/sh', 'usr/bin/helper'], 'usr/bin/help': ['usr/bin/helper'] };
    const found = verdict({ needs });
    expect(found.missed).toEqual([{ what: 'file', path: 'app', needed: 'usr/bin/helper' }]);
    expect(found.same).toBe(false);
  });

  test('is none where nothing is known of packages', () => {
    const old = image([...KEPT, ...GONE]);
    const allows = [{ what: 'packages', removed: ['helper'] }] as const;
    expect(judge(old, image(KEPT), { noise: noiseOf(old, []), allows }).files).toHaveLength(GONE.length);
  });
});
