// COPY --parents: what BuildKit's documentation and tests say of it.

import { describe, expect, test } from 'bun:test';
import { type MemoryFile, memoryTree } from './memory-tree.ts';
import { placeSources } from './place-sources.ts';
import { selectWithParents } from './select-sources.ts';

const FILES: MemoryFile[] = [
  ...['a/b/c/d/foo', 'a/b/c/d/e/bay', 'a/b2/c/d/e/bar', 'a/b/c2/d/e/baz', 'a/b/c2/d/e2/baz'],
  ...['top.txt', '#odd', '!odd'],
].map((path) => ({ path: `test/${path}`, content: path, mode: 0o640 }));
const TREE = memoryTree([...FILES, { path: 'link', link: 'test/a' }]);

/** The files that land in /out. */
function copy(...paths: string[]): string[] {
  const selections = paths.flatMap((path) =>
    selectWithParents({ tree: TREE, path, origin: 'the build context' }),
  );
  const placed = placeSources(selections, {
    destination: { get: () => undefined, resolve: (path) => path },
    path: '/out/',
    now: 1,
  });
  return placed.filter(({ entry }) => entry.type !== 'dir').map(({ entry }) => entry.path.slice(4));
}

describe('COPY --parents', () => {
  test('keeps the whole path, whatever stands around it', () => {
    const all = ['test/a/b/c/d/e/bay', 'test/a/b/c/d/foo'];
    for (const path of ['test/a/b/c/d', '/test/a/b/c/d/.', './test/a/b/c/d', '/test/x/../a/b/c/d/'])
      expect(copy(path)).toEqual(all);
    expect(copy('test/top.txt')).toEqual(['test/top.txt']);
  });

  test('from the first /./ on', () => {
    expect(copy('/test/a/b/./c/d')).toEqual(['c/d/e/bay', 'c/d/foo']);
    expect(copy('/test/a/./b/./c')).toEqual(['b/c/d/e/bay', 'b/c/d/foo']);
    expect(copy('test/./a/b2')).toEqual(['a/b2/c/d/e/bar']);
    expect(copy('link/./b2')).toEqual(['b2/c/d/e/bar']);
  });

  test('wildcards on both sides, ** for any depth', () => {
    expect(copy('/test/a/./*/c')).toEqual(['b/c/d/e/bay', 'b/c/d/foo', 'b2/c/d/e/bar']);
    expect(copy('/test/a/b*/./c/**/e')).toEqual(['c/d/e/bar', 'c/d/e/bay']);
    expect(copy('/test/a/b/c*/./d/**/baz', '/test/a/b*/./c/**/bar')).toEqual([
      'c/d/e/bar',
      'd/e/baz',
      'd/e2/baz',
    ]);
    expect(copy('**/*.txt')).toEqual(['test/top.txt']);
    expect(copy('test/./#odd', 'test/./!odd')).toEqual(['!odd', '#odd']);
  });

  test('a plain path must be there, a pattern need not match', () => {
    expect(() => copy('/test/nothing')).toThrow("'/test/nothing' is not in the build context");
    expect(() => copy('/nothing/./x')).toThrow('is not in the build context');
    expect(copy('/test/a/b3*/c')).toEqual([]);
    expect(copy('/test/a/b/./c3*')).toEqual([]);
  });

  test('no more directories than files need', () => {
    const [selection] = selectWithParents({ tree: TREE, path: 'test/a/b/c/d/foo', origin: 'x' });
    expect(selection!.below.map(({ relative }) => relative)).toEqual([
      'test',
      'test/a',
      'test/a/b',
      'test/a/b/c',
      'test/a/b/c/d',
      'test/a/b/c/d/foo',
    ]);
  });
});
