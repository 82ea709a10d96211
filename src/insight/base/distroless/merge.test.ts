import { describe, expect, test } from 'bun:test';
import type { Entry } from '../../../oci/image/index.ts';
import { leftOut } from './left-out.ts';
import { addParents, mergedPath, mergePackages, type PackageFiles, removeFiles } from './merge.ts';

/** `path/` is a directory, `path -> x` a link, `path = x` a hard link. */
function pack(name: string, ...lines: readonly string[]): PackageFiles {
  const entries = lines.map((line): Entry => {
    const [, path = '', slash, sign, link] = /^(\S*?)(\/?)(?: (->|=) (\S+))?$/.exec(line) ?? [];
    const type = slash ? 'dir' : sign === '->' ? 'symlink' : sign === '=' ? 'hardlink' : 'file';
    const common = { path, type, mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 7 } as const;
    return link === undefined ? common : { ...common, link };
  });
  return { name, files: { entries, open: () => ({ read: () => 0, close() {} }) } };
}

const merge = (...packages: readonly PackageFiles[]) => mergePackages(packages, () => false);
const shown = (tree: ReturnType<typeof merge>) =>
  [...tree.values()].map(({ entry }) => (entry.link ? `${entry.path} ${entry.link}` : entry.path)).sort();

describe('merged /usr', () => {
  test('what lies below /lib lies below /usr/lib, and /lib is a link', () => {
    const tree = merge(
      pack('libc6', 'lib/', 'lib/x/', 'lib/x/libc.so.6', 'lib64/ld.so -> /lib/x/ld.so', 'usr/lib/y'),
    );
    expect(shown(tree)).toEqual(
      [
        ...['bin usr/bin', 'lib usr/lib', 'lib64 usr/lib64', 'sbin usr/sbin'],
        ...['usr/lib', 'usr/lib/x', 'usr/lib/x/libc.so.6', 'usr/lib/y', 'usr/lib64/ld.so /lib/x/ld.so'],
      ].sort(),
    );
  });
  test('links that a package brings are the same', () => {
    const tree = merge(
      pack('base-files', 'bin -> usr/bin', 'lib64 -> usr/lib64', 'usr/bin/'),
      pack('a', 'bin/a', 'usr/lib64/ld'),
    );
    expect(tree.get('lib64')?.entry.link).toBe('usr/lib64');
    expect(tree.get('bin')?.entry.link).toBe('usr/bin');
    expect(tree.has('usr/bin/a')).toBe(true);
  });
  test.each([
    ['lib', 'usr/lib'],
    ['library/x', 'library/x'],
    ['usr/lib/x', 'usr/lib/x'],
    ['sbin/init', 'usr/sbin/init'],
  ])('%s is at %s', (path, real) => expect(mergedPath(path)).toBe(real));
});

test('two packages with one file are an error', () => {
  expect(() => merge(pack('a', 'usr/bin/x'), pack('b', 'bin/x'))).toThrow(
    '/usr/bin/x is in two packages, a and b',
  );
});

test('a hard link takes the place of its file where that goes', () => {
  const tree = merge(pack('a', 'usr/bin/perl', 'usr/bin/perl5 = usr/bin/perl'));
  removeFiles(tree, new Set(['usr/bin/perl']));
  expect(tree.get('usr/bin/perl5')?.entry.type).toBe('file');
  expect(tree.get('usr/bin/perl5')?.open).toBeDefined();
});

test('directories that nobody brings are made', () => {
  const tree = merge(pack('a', 'opt/a/b'));
  addParents(tree, 9);
  expect(tree.get('opt')?.entry).toMatchObject({ type: 'dir', mode: 0o755, mtime: 9 });
});

describe('left out', () => {
  test.each([
    ['usr/share/doc/x/README', 'documentation'],
    ['usr/share/doc/x/copyright', undefined],
    ['usr/share/doc/x', undefined],
    ['usr/share/man/man1/x.1.gz', 'documentation'],
    ['usr/share/manual', undefined],
    ['usr/share/zoneinfo/Europe/Paris', undefined],
    ['etc/init.d/x', 'for services'],
    ['etc/initial', undefined],
    ['usr/lib/python3.11/EXTERNALLY-MANAGED', 'for installing packages'],
    ['usr/lib/python3.11/os.py', undefined],
    ['etc/ssl/openssl.cnf', undefined],
    ['usr/share/ca-certificates/mozilla/a.crt', 'is in the bundle'],
    ['tmp', undefined],
    ['tmp/x', 'belongs to a running system'],
  ])('%s: %s', (path, why) => expect(leftOut(path)).toBe(why as string));
});
