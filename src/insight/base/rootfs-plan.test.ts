import { describe, expect, test } from 'bun:test';
import type { FileTree, TreeEntry } from '../../oci/image/index.ts';
import { imageFiles } from './image-files.ts';
import { planRootfs } from './rootfs-plan.ts';

const PACKAGED = 1_700_000_000;
const STARTED = PACKAGED + 1_000_000;
const TODAY = Math.floor(STARTED / 86400);

/** A tree of paths: a trailing slash makes a directory, `->` a link; `=n` is the inode of a name of several. */
function tree(lines: readonly string[], contents: Readonly<Record<string, string>> = {}) {
  const entries = new Map<string, TreeEntry>();
  for (const line of lines) {
    const [name, link] = line.split(' -> ') as [string, string?];
    const [path, inode] = name.replace(/\/$/, '').split('=') as [string, string?];
    const parts = path.split('/');
    for (let n = 1; n < parts.length; n++) add(parts.slice(0, n).join('/'), 'dir');
    add(path, link ? 'symlink' : name.endsWith('/') ? 'dir' : 'file', { link, inode });
  }
  function add(
    path: string,
    type: 'dir' | 'file' | 'symlink',
    more: { link?: string | undefined; inode?: string | undefined } = {},
  ) {
    if (entries.has(path)) return;
    const mtime = path.startsWith('usr/') ? PACKAGED : STARTED + 5;
    entries.set(path, {
      ...{ path, type, mtime, mode: 0o644, uid: 0, gid: 0, size: contents[path]?.length ?? 3 },
      ...(more.link ? { link: more.link } : {}),
      ...(more.inode ? { inode: more.inode } : {}),
    });
  }
  const children = (path: string) =>
    [...entries.keys()]
      .filter((key) => (path === '' ? !key.includes('/') : key.startsWith(`${path}/`)))
      .map((key) => key.slice(path === '' ? 0 : path.length + 1))
      .filter((key) => !key.includes('/'))
      .sort();
  const unused = (): never => {
    throw new Error('not read by a plan');
  };
  const value: FileTree = { get: (path) => entries.get(path), children, digest: unused, open: unused };
  return { value, read: (path: string) => new TextEncoder().encode(contents[path] ?? 'abc') };
}

function plan(lines: readonly string[], contents: Readonly<Record<string, string>> = {}) {
  const { value, read } = tree(lines, contents);
  const has = (path: string) => value.get(path) !== undefined;
  const sources = [{ uri: 'http://m.example/debian', suites: ['x'], components: ['main'] }];
  const files = imageFiles({ distribution: 'debian', sources, has });
  const { entries, epoch } = planRootfs(value, { files, read, started: STARTED });
  const text = (path: string) => {
    const content = entries.find(({ entry }) => entry.path === path)?.content;
    return content && new TextDecoder().decode(content);
  };
  return {
    entries,
    epoch,
    text,
    paths: entries.map(({ entry }) => entry.path),
    get: (path: string) => entries.find(({ entry }) => entry.path === path)?.entry,
  };
}

describe('what stays', () => {
  test('leftovers go, directories stay', () => {
    const { paths } = plan([
      ...[
        'dev/null',
        'proc/',
        'sys/x',
        'tmp/y',
        'run/lock/',
        'run/utmp',
        'var/lib/apt/lists/partial/',
        'var/lib/apt/lists/lock',
      ],
      ...[
        'var/log/dpkg.log',
        'var/log/apt/history.log',
        'var/log/btmp',
        'etc/passwd-',
        'etc/ssh/ssh_host_rsa_key',
      ],
      ...['var/cache/apt/archives/a.deb', 'var/cache/debconf/config.dat-old', 'var/cache/ldconfig/aux-cache'],
      ...['etc/apt/sources.list', 'etc/apt/sources.list.d/0000host.sources', 'etc/apt/preferences.d/00mille'],
      ...['etc/apt/auth.conf.d/secret.conf', 'etc/dpkg/dpkg.cfg.d/00mille', 'usr/bin/ls'],
    ]);
    for (const kept of [
      'dev',
      'proc',
      'run/lock',
      'var/lib/apt/lists/partial',
      'var/cache/apt/archives',
      'var/log/btmp',
      'usr/bin/ls',
      'etc/ssh',
    ])
      expect(paths).toContain(kept);
    const gone =
      /null|sys\/x|tmp\/y|utmp|lists\/lock|dpkg\.log|history|passwd-|host_rsa|a\.deb|-old|aux-cache|sources\.list$|0000host|00mille|secret|99mm/;
    expect(paths.filter((path) => gone.test(path))).toEqual([]);
    expect(paths).toContain('etc/apt/sources.list.d/debian.sources');
  });

  test('order: parents first, then names', () => {
    const { paths } = plan(['usr/a/b', 'usr/a.c', 'usr/a-b']);
    const own = paths.filter((path) => path.startsWith('usr/a'));
    expect(own).toEqual(['usr/a', 'usr/a/b', 'usr/a-b', 'usr/a.c']);
  });

  test('names of one file are links to the first that stays', () => {
    const { get } = plan(['run/x=1', 'usr/bin/perl=1', 'usr/bin/perl5=1']);
    expect(get('usr/bin/perl')).toMatchObject({ type: 'file', size: 3 });
    expect(get('usr/bin/perl5')).toMatchObject({ type: 'hardlink', link: 'usr/bin/perl', size: 0 });
  });
});

describe('times', () => {
  test('nothing is newer than what packages brought', () => {
    const { entries, epoch } = plan(['usr/bin/ls', 'etc/made-now']);
    expect(epoch).toBe(PACKAGED);
    expect(Math.max(...entries.map(({ entry }) => entry.mtime))).toBe(PACKAGED);
  });

  test('the day an account was made is not today', () => {
    const { text } = plan(['usr/x', 'etc/shadow'], {
      'etc/shadow': `root:*:${TODAY}:0:99999:7:::\nold:!:19000:0:99999:7:::\nnew:!:${TODAY + 1}::::::\n`,
    });
    const day = Math.floor(PACKAGED / 86400);
    expect(text('etc/shadow')).toBe(
      `root:*:${day}:0:99999:7:::\nold:!:19000:0:99999:7:::\nnew:!:${day}::::::\n`,
    );
  });
});

describe('names of Python', () => {
  test('the short one is added', () => {
    const { get } = plan(['usr/bin/python3', 'usr/bin/pip3', 'usr/bin/pip']);
    expect(get('usr/local/bin/python')).toMatchObject({ type: 'symlink', link: '/usr/bin/python3' });
    expect(get('usr/local/bin/pip')).toBeUndefined();
  });

  test('not without Python', () => {
    expect(plan(['usr/bin/ls']).get('usr/local/bin/python')).toBeUndefined();
  });
});

test('the machine id is empty', () => {
  const { get, text } = plan(['etc/machine-id', 'usr/x']);
  expect(get('etc/machine-id')?.size).toBe(0);
  expect(text('etc/machine-id')).toBe('');
});
