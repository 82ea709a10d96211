import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { decodePath, encodePath } from '../core/index.ts';
import {
  CWD,
  chmodAt,
  chownAt,
  closeFd,
  copyContent,
  effectiveUid,
  exchangeAt,
  isErrno,
  linkAt,
  listDirectory,
  lockFd,
  makeDirectories,
  mkdirAt,
  mknodAt,
  O,
  openAt,
  openDirectory,
  openForReading,
  openInRoot,
  readInto,
  readLinkAt,
  readSmallFile,
  readXattrs,
  removeTree,
  renameAt,
  setTimesAt,
  sha256,
  statAt,
  symlinkAt,
  truncateFd,
  writeAll,
  writeFileAtomically,
  writeXattr,
} from './index.ts';

let root = '';
let dir = -1;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'mille-sys-'));
  dir = openDirectory(CWD, root);
});

afterAll(() => {
  closeFd(dir);
  rmSync(root, { recursive: true, force: true });
});

function put(name: string, text: string): void {
  const fd = openAt(dir, name, { flags: O.WRONLY | O.CREAT | O.TRUNC, mode: 0o644 });
  writeAll(fd, Buffer.from(text));
  closeFd(fd);
}

describe('names', () => {
  test('any byte string survives decoding and encoding', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(Buffer.from(encodePath(decodePath(bytes)))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  test('names that are no UTF-8, or hold a newline, are listed and opened', () => {
    const odd = decodePath(Uint8Array.from([0x61, 0xff, 0x0a, 0xc3, 0x28]));
    put(odd, 'odd');
    expect(listDirectory(dir)).toContain(odd);
    expect(statAt(dir, odd)?.size).toBe(3);
    expect(Buffer.from(readSmallFile(dir, odd, 10)).toString()).toBe('odd');
  });

  test('a directory that was removed since it was opened is empty', () => {
    mkdirAt(dir, 'removed', 0o755);
    const fd = openDirectory(dir, 'removed');
    removeTree(dir, 'removed');
    expect(listDirectory(fd)).toEqual([]);
    closeFd(fd);
  });

  test('a name of 255 bytes works and one of 256 is refused with its errno', () => {
    put('n'.repeat(255), 'x');
    expect(statAt(dir, 'n'.repeat(255))?.type).toBe('file');
    try {
      put('n'.repeat(256), 'x');
      throw new Error('accepted');
    } catch (error) {
      expect(isErrno(error, 'ENAMETOOLONG')).toBe(true);
    }
  });
});

describe('kinds of files', () => {
  test('stat tells type, mode, size, time and owner', () => {
    put('plain', 'hello');
    setTimesAt(dir, 'plain', { seconds: 1_000_000_000, nanoseconds: 5 });
    chmodAt(dir, 'plain', 0o4755);
    expect(statAt(dir, 'plain')).toMatchObject({
      type: 'file',
      mode: 0o4755,
      size: 5,
      mtime: 1e9,
      mtimeNsec: 5,
    });
    expect(statAt(dir, 'absent')).toBeUndefined();
  });

  test('links, hard links, fifos, directories', () => {
    symlinkAt('some/where', dir, 'link');
    expect(readLinkAt(dir, 'link')).toBe('some/where');
    put('one', '1');
    linkAt({ dirFd: dir, name: 'one' }, { dirFd: dir, name: 'two' });
    expect(statAt(dir, 'two')?.ino).toBe(statAt(dir, 'one')!.ino);
    mknodAt({ dirFd: dir, name: 'pipe' }, { type: 'fifo', mode: 0o600 });
    expect(statAt(dir, 'pipe')?.type).toBe('fifo');
    mkdirAt(dir, 'sub', 0o700);
    expect(statAt(dir, 'sub')).toMatchObject({ type: 'dir', mode: 0o700 });
    renameAt({ dirFd: dir, name: 'two' }, { dirFd: dir, name: 'sub/three' });
    expect(statAt(dir, 'sub/three')?.nlink).toBe(2);
    makeDirectories(join(root, 'deep/er/still'));
    expect(statAt(dir, 'deep/er/still')?.type).toBe('dir');
    removeTree(dir, 'sub');
    expect(statAt(dir, 'sub')).toBeUndefined();
  });

  test.skipIf(process.getuid?.() !== 0)('device numbers and owners, as root', () => {
    mknodAt({ dirFd: dir, name: 'dev' }, { type: 'block', mode: 0o600, major: 300, minor: 70000 });
    expect(statAt(dir, 'dev')).toMatchObject({ type: 'block', rdevMajor: 300, rdevMinor: 70000 });
    chownAt(dir, 'dev', { uid: 12, gid: 34 });
    expect(statAt(dir, 'dev')).toMatchObject({ uid: 12, gid: 34 });
    expect(effectiveUid()).toBe(0);
  });

  test('extended attributes, also of a name below a descriptor', () => {
    put('attr', '');
    writeXattr({ dirFd: dir, name: 'attr' }, 'user.a', Uint8Array.from([1, 0, 255]));
    writeXattr({ dirFd: dir, name: 'attr' }, 'user.empty', new Uint8Array());
    expect(readXattrs(dir, 'attr')).toEqual({
      'user.a': Uint8Array.from([1, 0, 255]),
      'user.empty': new Uint8Array(),
    });
  });
});

describe('staying inside', () => {
  test('openInRoot keeps absolute links and .. inside the root', () => {
    mkdirAt(dir, 'jail');
    mkdirAt(dir, 'jail/etc');
    writeFileSync(join(root, 'jail/etc/passwd'), 'inside');
    symlinkAt('/etc', dir, 'jail/abs');
    symlinkAt('../../../etc/passwd', dir, 'jail/up');
    const jail = openDirectory(dir, 'jail');
    for (const path of ['abs/passwd', 'up', '../../etc/passwd', '/etc/passwd']) {
      const fd = openInRoot(jail, path, { flags: O.RDONLY });
      const buffer = new Uint8Array(100);
      expect(Buffer.from(buffer.subarray(0, readInto(fd, buffer))).toString()).toBe('inside');
      closeFd(fd);
    }
    closeFd(jail);
  });

  test('openForReading refuses a link, openDirectory too', () => {
    symlinkAt('/etc/passwd', dir, 'bad');
    expect(() => openForReading(dir, 'bad')).toThrow('symbolic links');
    symlinkAt('/etc', dir, 'badd');
    expect(() => openDirectory(dir, 'badd')).toThrow();
  });

  test('removeTree removes links and not what they point to', () => {
    mkdirAt(dir, 'doomed');
    put('precious', 'p');
    symlinkAt('../precious', dir, 'doomed/l');
    symlinkAt('..', dir, 'doomed/up');
    removeTree(dir, 'doomed');
    expect(statAt(dir, 'precious')?.size).toBe(1);
  });
});

describe('content', () => {
  test('copying keeps the bytes, sparse length is cheap', () => {
    put('src', 'abc'.repeat(1000));
    const from = openForReading(dir, 'src');
    const to = openAt(dir, 'dst', { flags: O.RDWR | O.CREAT });
    expect(copyContent(from, to)).toBe(3000);
    truncateFd(to, 1 << 30);
    closeFd(from);
    closeFd(to);
    const stat = statAt(dir, 'dst')!;
    expect(stat.size).toBe(1 << 30);
    expect(stat.blocks * 512).toBeLessThan(1 << 20);
  });

  test('atomic writing replaces and leaves nothing else', () => {
    writeFileAtomically(join(root, 'index.json'), 'one');
    writeFileAtomically(join(root, 'index.json'), 'two');
    expect(Buffer.from(readSmallFile(dir, 'index.json', 10)).toString()).toBe('two');
    expect(listDirectory(dir).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('two directories change places in one step', () => {
    for (const name of ['first', 'second']) {
      mkdirAt(dir, name);
      writeFileSync(join(root, name, name), name);
    }
    exchangeAt({ dirFd: dir, name: 'first' }, { dirFd: dir, name: 'second' });
    expect([
      readFileSync(join(root, 'first/second'), 'utf8'),
      readFileSync(join(root, 'second/first'), 'utf8'),
    ]).toEqual(['second', 'first']);
    expect(() => exchangeAt({ dirFd: dir, name: 'first' }, { dirFd: dir, name: 'nothing' })).toThrow(
      'no such file',
    );
  });

  test('a lock is exclusive between descriptors', () => {
    const a = openAt(dir, 'lock', { flags: O.RDWR | O.CREAT });
    const b = openAt(dir, 'lock', { flags: O.RDWR | O.CREAT });
    expect(lockFd(a, { exclusive: true, wait: false })).toBe(true);
    expect(lockFd(b, { exclusive: false, wait: false })).toBe(false);
    closeFd(a);
    expect(lockFd(b, { exclusive: false, wait: false })).toBe(true);
    closeFd(b);
  });

  test('sha256 of the empty text', () => {
    expect(sha256('')).toBe(
      'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' as ReturnType<typeof sha256>,
    );
  });
});
