import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileTree } from '../../oci/image/index.ts';
import { openStore, type Store } from '../../oci/store/index.ts';
import type { AddStep, CopyStep } from '../graph/index.ts';
import { type MemoryFile, memoryTree } from './memory-tree.ts';
import { type Selection, selectSources } from './select-sources.ts';
import { unpackArchives } from './unpack-archives.ts';

let place = '';
let store: Store;
let archive: Uint8Array;

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'mille-archives-'));
  store = openStore(join(place, 'store'), { privilege: 'root' });
  writeFileSync(join(place, 'inner.txt'), 'inner\n');
  Bun.spawnSync(['tar', '-C', place, '-czf', join(place, 'a.tar.gz'), 'inner.txt']);
  archive = readFileSync(join(place, 'a.tar.gz'));
});

afterAll(() => {
  store?.close();
  rmSync(place, { recursive: true, force: true });
});

function add(unpack?: boolean): AddStep {
  return { kind: 'add', ...(unpack === undefined ? {} : { unpack }) } as AddStep;
}

function select(files: readonly MemoryFile[], tree: FileTree = memoryTree(files)): Selection[] {
  return files.flatMap(({ path }) => selectSources({ tree, path, origin: 'the build context' }));
}

/** What becomes of sources: the entries of an archive, or the name of what stays a file. */
async function unpacked(step: CopyStep | AddStep, selections: readonly Selection[]): Promise<unknown[]> {
  const opened: { close(): void }[] = [];
  try {
    const sources = await unpackArchives(store, { step, selections }, opened);
    return sources.map((source) =>
      'archive' in source ? [...source.archive.entries].map(({ path }) => path) : source.path,
    );
  } finally {
    for (const each of opened) each.close();
  }
}

describe('archives among the sources', () => {
  test('ADD opens those of the context, whatever their names, and nothing else', async () => {
    const files = [
      { path: 'a.tar.gz', content: archive },
      { path: 'other', content: archive },
      { path: 'text.tar', content: 'no archive' },
      { path: 'empty.tar', content: '' },
    ];
    expect(await unpacked(add(), select(files))).toEqual([
      ['inner.txt'],
      ['inner.txt'],
      'text.tar',
      'empty.tar',
    ]);
  });

  test('--unpack=false leaves them, and COPY always', async () => {
    const selections = select([{ path: 'a.tar.gz', content: archive }]);
    expect(await unpacked(add(false), selections)).toEqual(['a.tar.gz']);
    expect(await unpacked({ kind: 'copy' } as CopyStep, selections)).toEqual(['a.tar.gz']);
  });

  test('what was downloaded is opened with --unpack only', async () => {
    const [selection] = select([{ path: 'a.tar.gz', content: archive }]);
    const downloaded = [{ ...selection!, path: 'http://localhost/a.tar.gz' }];
    expect(await unpacked(add(), downloaded)).toEqual(['http://localhost/a.tar.gz']);
    expect(await unpacked(add(true), downloaded)).toEqual([['inner.txt']]);
  });

  test('a directory is none', async () => {
    const tree = memoryTree([{ path: 'd/a.tar.gz', content: archive }]);
    const selections = selectSources({ tree, path: 'd', origin: 'the build context' });
    expect(await unpacked(add(true), selections)).toEqual(['d']);
  });

  test('a file on the disk is read where it is', async () => {
    const files = [{ path: 'a.tar.gz', content: archive }];
    const tree: FileTree = { ...memoryTree(files), localPath: (path) => join(place, path) };
    tree.open = () => {
      throw new Error('it is copied');
    };
    expect(await unpacked(add(), select(files, tree))).toEqual([['inner.txt']]);
  });

  test('a damaged one is told with its name and place, without a password', async () => {
    const [selection] = select([{ path: 'a.tar.gz', content: archive.slice(0, -9) }]);
    const broken = unpackArchives(store, { step: add(true), selections: [selection!] }, []);
    await expect(broken).rejects.toMatchObject({ message: expect.stringMatching(/^a\.tar\.gz: /) });
    const remote = { ...selection!, path: 'http://user:hidden-word@localhost/a.tar.gz' };
    const error = await unpackArchives(store, { step: add(true), selections: [remote] }, []).catch((e) => e);
    expect(error.message).toContain('localhost/a.tar.gz: ');
    expect(error.message).not.toContain('hidden-word');
  });
});
