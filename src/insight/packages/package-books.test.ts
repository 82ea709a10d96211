import { expect, test } from 'bun:test';
import { isPackageBook, isPackageDatabase, isSharedBook } from './index.ts';

const KINDS: readonly (readonly [path: string, database: boolean, shared: boolean, book: boolean])[] = [
  ['var/lib/dpkg/status', true, true, true],
  ['var/lib/dpkg/info/libc6:amd64.list', true, false, true],
  ['var/lib/apt/extended_states', true, true, true],
  ['var/lib/apt/lists/x', false, false, true],
  ['lib/apk/db/installed', true, false, true],
  ['usr/lib/apk/db/installed', true, false, true],
  ['usr/lib/sysimage/rpm/rpmdb.sqlite', true, false, true],
  ['var/lib/pacman/local/x/desc', true, false, true],
  ['etc/ld.so.cache', false, true, true],
  ['var/log/dpkg.log', false, true, true],
  ['etc/passwd-', false, false, true],
  ['etc/passwd', false, false, false],
  ['var/lib/dpkgs', false, false, false],
  ['app/var/lib/dpkg/status', false, false, false],
];

test.each(KINDS)('%s', (path, database, shared, book) => {
  expect([isPackageDatabase(path), isSharedBook(path), isPackageBook(path)]).toEqual([
    database,
    shared,
    book,
  ]);
});
