import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { CWD, mknodAt, writeXattr } from '../../sys/index.ts';
import { lookUp, resolveIn } from './lower-view.ts';
import { removeStubs } from './stubs.ts';

let base = '';
beforeEach(() => {
  base = mkdtempSync(`${tmpdir()}/mille-stubs-`);
  for (const name of ['upper', 'top', 'bottom']) mkdirSync(`${base}/${name}`);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const clean = (...targets: string[]) =>
  removeStubs({ upper: `${base}/upper`, lowerBase: base, lowers: ['top', 'bottom'] }, targets);
const put = (path: string, content = '') => {
  mkdirSync(`${base}/${path.slice(0, path.lastIndexOf('/'))}`, { recursive: true });
  writeFileSync(`${base}/${path}`, content);
};
const left = (path: string) => existsSync(`${base}/upper/${path}`);

describe('stubs', () => {
  test('go, with the directories made for them', () => {
    put('upper/run/secrets/token');
    mkdirSync(`${base}/upper/proc`);
    clean('proc', 'run/secrets/token');
    expect(left('run')).toBe(false);
    expect(left('proc')).toBe(false);
  });

  test('on another mount: the place of that mount goes, if nothing else needs it', () => {
    mkdirSync(`${base}/upper/dev`);
    clean('dev/pipes/script');
    expect(left('dev')).toBe(false);
    mkdirSync(`${base}/bottom/dev`);
    mkdirSync(`${base}/upper/dev`);
    chmodSync(`${base}/upper/dev`, 0o700);
    clean('dev/pipes/script');
    expect(left('dev')).toBe(true);
  });

  test('a directory that was only copied up goes too, one that was changed stays', () => {
    put('bottom/etc/passwd', 'x');
    put('upper/etc/hosts');
    clean('etc/hosts');
    expect(left('etc')).toBe(false);

    put('upper/etc/hosts');
    chmodSync(`${base}/upper/etc`, 0o700);
    clean('etc/hosts');
    expect(left('etc')).toBe(true);
  });

  test('what the command wrote beside them stays, with its time', () => {
    put('upper/etc/hosts');
    put('upper/etc/mine', 'x');
    utimesSync(`${base}/upper/etc`, 1000, 1000);
    clean('etc/hosts');
    expect(left('etc/hosts')).toBe(false);
    expect(left('etc/mine')).toBe(true);
    expect(statSync(`${base}/upper/etc`).mtimeMs).toBe(1_000_000);
  });

  test('a real file or a filled directory in their place stays', () => {
    put('upper/etc/hosts', 'real');
    put('upper/proc/file', '');
    clean('etc/hosts', 'proc');
    expect(left('etc/hosts')).toBe(true);
    expect(left('proc/file')).toBe(true);
  });

  test('what the image had already stays: it was changed and not made', () => {
    put('bottom/etc/hosts');
    put('upper/etc/hosts');
    clean('etc/hosts');
    expect(left('etc/hosts')).toBe(true);
  });

  test.skipIf(process.getuid?.() !== 0)('what the image has deleted again counts as absent', () => {
    put('bottom/etc/hosts');
    mkdirSync(`${base}/top/etc`);
    mknodAt({ dirFd: CWD, name: `${base}/top/etc/hosts` }, { type: 'char', mode: 0 });
    put('upper/etc/hosts');
    clean('etc/hosts');
    expect(left('etc')).toBe(false);
  });

  test.skipIf(process.getuid?.() !== 0)('an opaque directory stays: it hides what is below', () => {
    put('bottom/etc/passwd', 'x');
    put('upper/etc/hosts');
    writeXattr({ dirFd: CWD, name: `${base}/upper/etc` }, 'trusted.overlay.opaque', Buffer.from('y'));
    clean('etc/hosts');
    expect(left('etc')).toBe(true);
  });

  test('a link that the command put in the way is not followed', () => {
    put('outside/hosts');
    put('outside/deep/target');
    symlinkSync(`${base}/outside`, `${base}/upper/etc`);
    symlinkSync('../outside', `${base}/upper/run`);
    symlinkSync(`${base}/outside/hosts`, `${base}/upper/direct`);
    clean('etc/hosts', 'run/deep/target', 'direct');
    expect(existsSync(`${base}/outside/hosts`)).toBe(true);
    expect(existsSync(`${base}/outside/deep/target`)).toBe(true);
    expect(lstatSync(`${base}/upper/direct`).isSymbolicLink()).toBe(true);
  });

  test('a link of the image is followed inside of the image', () => {
    mkdirSync(`${base}/bottom/etc`);
    symlinkSync('../../../../run/stub.conf', `${base}/bottom/etc/resolv.conf`);
    symlinkSync('/var/run', `${base}/top/run`);
    put('upper/var/run/stub.conf');
    clean('etc/resolv.conf');
    expect(left('var')).toBe(false);
  });
});

describe('a stack of layers', () => {
  const stack = () => [`${base}/top`, `${base}/bottom`];

  test('the top decides, directories are merged', () => {
    put('bottom/d/low', 'low');
    put('bottom/d/both', 'bottom');
    put('top/d/both', 'to');
    expect(lookUp(stack(), 'd/low')?.stat.size).toBe(3);
    expect(lookUp(stack(), 'd/both')?.stat.size).toBe(2);
    expect(lookUp(stack(), 'd/none')).toBeUndefined();
    expect(lookUp(stack(), 'd/both/under')).toBeUndefined();
  });

  test('a file hides a directory below it, and an opaque directory its content', () => {
    put('bottom/d/low');
    put('top/d');
    expect(lookUp(stack(), 'd/low')).toBeUndefined();
    if (process.getuid?.() !== 0) return;
    put('bottom/o/low');
    mkdirSync(`${base}/top/o`);
    writeXattr({ dirFd: CWD, name: `${base}/top/o` }, 'trusted.overlay.opaque', Buffer.from('y'));
    expect(lookUp(stack(), 'o/low')).toBeUndefined();
    expect(lookUp(stack(), 'o')?.stat.type).toBe('dir');
  });

  test('a loop of links ends', () => {
    symlinkSync('b', `${base}/top/a`);
    symlinkSync('a', `${base}/bottom/b`);
    expect(resolveIn(stack(), 'a/x')).toBeUndefined();
  });
});
