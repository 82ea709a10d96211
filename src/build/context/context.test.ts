import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../../sys/index.ts';
import { type MemoryStorage, openContext, openDigestMemory, openDirectoryTree } from './index.ts';
import { decodeRows } from './memory-codec.ts';

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mille-context-'));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(path: string, text = path): void {
  const file = join(root, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
}

function read(context: ReturnType<typeof openContext>, path: string): string {
  const reader = context.tree.open(path);
  const buffer = new Uint8Array(1000);
  try {
    return Buffer.from(buffer.subarray(0, reader.read(buffer))).toString();
  } finally {
    reader.close();
  }
}

function storage(): MemoryStorage & { saved: Map<string, Uint8Array> } {
  const saved = new Map<string, Uint8Array>();
  return { saved, load: (key) => saved.get(key), save: (key, bytes) => void saved.set(key, bytes) };
}

describe('what exists for the build', () => {
  test('a socket is an empty file', () => {
    const server = Bun.listen({ unix: join(root, 'socket'), socket: { data() {} } });
    const { tree, close } = openContext({ directory: root });
    expect(tree.get('socket')).toMatchObject({ type: 'file', size: 0 });
    expect(tree.digest('socket')).toBe(sha256(''));
    expect(tree.open('socket').read(new Uint8Array(1))).toBe(0);
    close();
    server.stop();
  });

  test('ignored files are not there, re-included ones are, with their directories', () => {
    for (const path of ['a', 'logs/x', 'logs/keep/y', 'node_modules/m/i.js', '.git/config']) write(path);
    write('.dockerignore', 'logs\n!logs/keep/y\nnode_modules\n.git\n');
    const { tree, explainMissing, close } = openContext({ directory: root });
    expect(tree.children('')).toEqual(['.dockerignore', 'a', 'logs']);
    expect(tree.children('logs')).toEqual(['keep']);
    expect(tree.get('logs/x')).toBeUndefined();
    expect(tree.get('node_modules/m/i.js')).toBeUndefined();
    expect(explainMissing('node_modules/m')).toContain("'node_modules' at .dockerignore:3");
    expect(explainMissing('absent')).toBeUndefined();
    close();
  });

  test('the ignore file beside the Dockerfile wins', () => {
    write('a');
    write('b');
    write('.dockerignore', 'a');
    write('Other.dockerignore', 'b');
    const { tree, close } = openContext({ directory: root, dockerfile: join(root, 'Other') });
    expect(tree.children('')).toEqual(['.dockerignore', 'Other.dockerignore', 'a']);
    close();
  });

  test('kinds of files, and nothing below what is no directory', () => {
    write('file');
    chmodSync(join(root, 'file'), 0o4751);
    symlinkSync('file', join(root, 'link'));
    linkSync(join(root, 'file'), join(root, 'hard'));
    const { tree, close } = openContext({ directory: root });
    expect(tree.get('file')).toMatchObject({ type: 'file', mode: 0o4751, size: 4 });
    expect(tree.get('link')).toMatchObject({ type: 'symlink', link: 'file' });
    expect(tree.get('hard')?.inode).toBe(tree.get('file')?.inode as string);
    expect(tree.get('link/below')).toBeUndefined();
    expect(tree.get('file/below')).toBeUndefined();
    expect(tree.children('file')).toEqual([]);
    close();
  });

  test('a missing directory and a file in its place are told apart', () => {
    expect(() => openContext({ directory: join(root, 'absent') })).toThrow('does not exist');
    write('file');
    expect(() => openContext({ directory: join(root, 'file') })).toThrow('is not a directory');
  });
});

describe('races', () => {
  test('a file that changes after it was listed is refused', () => {
    write('a', 'one');
    const context = openContext({ directory: root });
    expect(context.tree.get('a')?.size).toBe(3);
    write('a', 'other');
    expect(() => context.tree.digest('a')).toThrow('changed while the build was reading it');
    context.close();
  });

  test('a directory replaced by a link to the outside leads nowhere', () => {
    write('in/x', 'inside');
    const outside = mkdtempSync(join(tmpdir(), 'mille-outside-'));
    writeFileSync(join(outside, 'x'), 'secret');
    const context = openContext({ directory: root });
    expect(context.tree.get('in/x')).toBeDefined();
    renameSync(join(root, 'in'), join(root, 'moved'));
    symlinkSync(outside, join(root, 'in'));
    expect(() => read(context, 'in/x')).toThrow();
    context.close();
    rmSync(outside, { recursive: true });
  });
});

describe('the memory of digests', () => {
  const old = new Date('2020-01-01');
  const later = () => Date.now() / 1000 + 10;

  function build(store: MemoryStorage, now = later): { digest: string; hashed: number } {
    const tree = openDirectoryTree(root, { memory: openDigestMemory(store, root, now) });
    const digest = tree.digest('a');
    const hashed = tree.hashed.files;
    tree.close();
    return { digest, hashed };
  }

  test('an unchanged file is read once', () => {
    write('a');
    const store = storage();
    const first = build(store);
    expect(first.hashed).toBe(1);
    expect(build(store)).toEqual({ digest: first.digest, hashed: 0 });
  });

  test('same size and same mtime, other content: noticed by ctime', () => {
    write('a', 'one');
    utimesSync(join(root, 'a'), old, old);
    const store = storage();
    const first = build(store);
    write('a', 'two');
    utimesSync(join(root, 'a'), old, old);
    const second = build(store);
    expect(second.hashed).toBe(1);
    expect(second.digest).not.toBe(first.digest);
  });

  test('a file changed a moment ago is not trusted next time', () => {
    write('a');
    const store = storage();
    build(store, () => Date.now() / 1000);
    expect(build(store).hashed).toBe(1);
  });

  test('a damaged memory is an empty one', () => {
    write('a');
    const store = storage();
    store.saved.set(root, Buffer.from('{"half'));
    expect(build(store).hashed).toBe(1);
  });
});

describe('the memory of digests, kept small', () => {
  const later = () => Date.now() / 1000 + 10;
  const visit = (store: MemoryStorage, paths: readonly string[]): number => {
    const tree = openDirectoryTree(root, { memory: openDigestMemory(store, root, later) });
    for (const path of paths) tree.digest(path);
    tree.close();
    return tree.hashed.files;
  };

  test('files of several directories, with odd names, are all known again', () => {
    const names = ['a', 'z', 'd/a', 'd/z', 'd/e/ä\n', 'd!/x', 'd/', 'e/\udcff'];
    const paths = names.map((name) => (name.endsWith('/') ? `${name}last` : name));
    for (const path of paths.slice(0, -1)) write(path);
    mkdirSync(join(root, 'e'));
    writeFileSync(Buffer.concat([Buffer.from(`${root}/e/`), Buffer.from([0xff])]), 'odd');
    const store = storage();
    expect(visit(store, paths)).toBe(paths.length);
    expect(visit(store, paths)).toBe(0);
    expect(visit(store, [...paths].reverse())).toBe(0);
  });

  test('what is gone is kept for a while, and forgotten in the end', () => {
    write('kept');
    write('gone');
    const store = storage();
    visit(store, ['kept', 'gone']);
    rmSync(join(root, 'gone'));
    const known = () => decodeRows(store.saved.get(root)).count;
    write('changing', 'first');
    visit(store, ['changing']);
    expect(known()).toBe(3);
    for (let i = 0; i < 40; i++) {
      write('changing', `content ${i}`);
      expect(visit(store, ['changing'])).toBe(1);
    }
    expect(known()).toBe(2);
    expect(visit(store, ['kept'])).toBe(0);
  });
});
