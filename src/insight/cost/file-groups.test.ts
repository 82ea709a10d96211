import { describe, expect, test } from 'bun:test';
import { groupFiles, type StepRead } from './file-groups.ts';

const read = (
  step: string,
  given: Partial<Omit<StepRead, 'files'>> & { files?: readonly string[] },
): StepRead => ({
  ...{ source: '', directories: [], ...given, step },
  files: new Set(given.files ?? []),
});

const all = read('0.5', { directories: [''] });

describe('the group of a file', () => {
  const names = (reads: readonly StepRead[], paths: readonly string[], depth = 1) => {
    const groupOf = groupFiles(reads, depth);
    return paths.map((path) => groupOf(path)?.name);
  };
  test('by directories of the context', () => {
    expect(names([all], ['a', 'src/a', 'src/b/c', 'docs/x'])).toEqual(['./*', 'src/', 'src/', 'docs/']);
    expect(names([all], ['a', 'src/a', 'src/b/c', 'src/b/d/e'], 2)).toEqual([
      ...['./*', 'src/*', 'src/b/', 'src/b/'],
    ]);
  });
  test('not above the directory that a source names', () => {
    const deep = read('0.1', { source: 'packages/app', directories: ['packages/app'] });
    expect(names([deep], ['packages/app/a', 'packages/app/src/b', 'packages/other/c'])).toEqual([
      ...['packages/app/', 'packages/app/', undefined],
    ]);
    expect(names([deep], ['packages/app/src/b'], 3)).toEqual(['packages/app/src/']);
  });
  test('by what an instruction names, all of its files together', () => {
    const named = [
      read('0.1', { source: 'package.json', files: ['package.json'] }),
      read('0.1', { source: '*.lock', files: ['a.lock'] }),
    ];
    expect(names(named, ['package.json', 'a.lock', 'other'])).toEqual([
      ...['package.json *.lock', 'package.json *.lock', undefined],
    ]);
  });
  test('of one that is not there any more', () => {
    const reads = [
      read('0.1', { source: 'conf/*.yml', files: ['conf/a.yml'] }),
      read('0.2', { source: 'src', directories: ['src'], excludes: (path) => path.endsWith('.md') }),
    ];
    expect(names(reads, ['conf/gone.yml', 'conf/gone.txt', 'src/gone', 'src/gone.md'])).toEqual([
      ...['conf/*.yml', undefined, 'src/', undefined],
    ]);
  });
  test('is one for the same steps, another for others', () => {
    const groupOf = groupFiles([read('0.1', { source: 'src/a', files: ['src/a'] }), all], 1);
    expect(groupOf('src/b')).toBe(groupOf('src/c')!);
    expect(groupOf('src/a')).toEqual({ name: 'src/a', steps: ['0.1', '0.5'] });
    expect(groupOf('src/b')).toEqual({ name: 'src/', steps: ['0.5'] });
  });
});
