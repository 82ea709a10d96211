import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Entry, EntryType, TableOfContents } from '../../oci/image/index.ts';
import { mergeTables } from '../../oci/layer/index.ts';
import { runs } from '../../testkit/runs.ts';
import { contentsOf, findWaste, replayLayers } from '../inspect/index.ts';
import { type FileHistory, fileHistory, findNode, pathOf } from './history.ts';
import { CHANGES } from './version.ts';
import { viewFiles } from './view.ts';
import { wasteByVersion, wastedVersions } from './waste.ts';

function entry(path: string, type: EntryType, more: Partial<Entry> = {}): Entry {
  return { path, type, mode: type === 'dir' ? 0o755 : 0o644, uid: 0, gid: 0, size: 0, mtime: 1, ...more };
}

function file(path: string, content: string, more: Partial<Entry> = {}): Entry {
  return entry(path, 'file', {
    size: content.length,
    digest: `sha256:${Bun.hash(content)}` as never,
    ...more,
  });
}

const table = (...entries: Entry[]): TableOfContents => ({ entries });

function historyOf(tables: TableOfContents[]) {
  const replay = replayLayers(tables);
  const history = fileHistory(replay);
  const { pieces } = findWaste(contentsOf(replay), 0);
  const wasted = wastedVersions(history, pieces);
  return { history, wasted, wasteOf: wasteByVersion(history, wasted) };
}

function changes(tables: TableOfContents[], path: string): string[] {
  const { history } = historyOf(tables);
  const node = findNode(history, path);
  return node === undefined ? [] : changesOf(history, node);
}

/** All that layers made of a name, the oldest first. */
function changesOf(
  { latest, versionPrevious, versionLayers, versionChanges }: FileHistory,
  node: number,
): string[] {
  const found: string[] = [];
  for (let version = latest[node]!; version >= 0; version = versionPrevious[version]!)
    found.unshift(`${versionLayers[version]} ${CHANGES[versionChanges[version]!]}`);
  return found;
}

/** Path, layer and bytes of the versions that are wasted. */
function waste(tables: TableOfContents[]): string[] {
  const { history, wasted } = historyOf(tables);
  return wasted.map(
    ({ node, version, piece }) =>
      `${history.versionLayers[version]} ${pathOf(history, node)} ${piece.bytes} ${piece.kind}`,
  );
}

describe('versions', () => {
  test('a file that is added, touched, changed, removed', () => {
    const tables = [
      table(entry('d', 'dir'), file('d/f', 'one')),
      table(entry('d', 'dir'), file('d/f', 'one', { uid: 5 })),
      table(file('d/f', 'two!')),
      table(entry('d/f', 'whiteout')),
    ];
    expect(changes(tables, 'd/f')).toEqual(['0 added', '1 touched', '2 changed', '3 removed']);
    expect(changes(tables, 'd')).toEqual(['0 added']);
    expect(waste(tables)).toEqual(['2 d/f 4 deleted', '0 d/f 3 rewritten', '1 d/f 3 overwritten']);
  });

  test('a directory that is removed, or opaque, takes all of it away, and not what its layer brings', () => {
    const below = table(entry('d', 'dir'), file('d/a', 'aaaa'), entry('d/e', 'dir'), file('d/e/b', 'bb'));
    expect(waste([below, table(entry('d', 'whiteout'))])).toEqual(['0 d/a 4 deleted', '0 d/e/b 2 deleted']);
    const opaque = [below, table(entry('d', 'dir'), entry('d', 'opaque'), file('d/new', 'n'))];
    expect(waste(opaque)).toEqual(['0 d/a 4 deleted', '0 d/e/b 2 deleted']);
    expect(changes(opaque, 'd/new')).toEqual(['1 added']);
  });

  test('a hard link keeps the bytes of its file; content at two paths is there twice', () => {
    const linked = table(file('a', 'same'), entry('b', 'hardlink', { link: 'a' }));
    expect(waste([linked, table(entry('a', 'whiteout'))])).toEqual([]);
    expect(waste([linked, table(entry('a', 'whiteout'), entry('b', 'whiteout'))])).toEqual(['0 b 4 deleted']);
    expect(waste([table(file('x', 'same'), file('y', 'same'))])).toEqual(['0 y 4 duplicate']);
  });

  test('a directory of a lower layer that is a link is followed', () => {
    const tables = [
      table(entry('usr', 'dir'), entry('usr/lib', 'dir'), entry('lib', 'symlink', { link: 'usr/lib' })),
      table(file('lib/x', 'x')),
    ];
    expect(changes(tables, 'usr/lib/x')).toEqual(['1 added']);
    expect(changes(tables, 'lib/x')).toEqual([]);
  });
});

describe('views', () => {
  const tables = [
    table(entry('d', 'dir'), file('d/keep', 'kkkk'), file('d/gone', 'ggg'), file('top', 't')),
    table(entry('d', 'dir'), entry('d/gone', 'whiteout'), file('d/new', 'nn')),
    table(file('top', 'tt')),
  ];
  const { history, wasteOf } = historyOf(tables);
  const at = (layer: number, scope: 'stack' | 'layer') => {
    const view = viewFiles(history, { layer, scope }, wasteOf);
    const row = (path: string) => {
      const node = findNode(history, path)!;
      return [
        view.versions[node]! !== -1,
        view.sizes[node],
        view.changes[node],
        view.wasted[node],
        view.changed[node],
      ];
    };
    return row;
  };

  test('sizes, what changed, what is wasted, added up', () => {
    const first = at(0, 'stack');
    expect(first('')).toEqual([true, 8, 0, 4, 1]);
    expect(first('d')).toEqual([true, 7, 1, 3, 1]);
    const second = at(1, 'stack');
    expect(second('')).toEqual([true, 7, 0, 4, 1]);
    expect(second('d/gone')).toEqual([true, 0, 4, 3, 1]);
    expect(second('top')).toEqual([true, 1, 0, 1, 0]);
    const third = at(2, 'stack');
    expect(third('d/gone')).toEqual([true, 0, 0, 3, 0]);
    expect(third('top')).toEqual([true, 2, 2, 1, 1]);
    expect(third('d')).toEqual([true, 6, 0, 3, 0]);
  });

  test('of a layer alone only what it lists, and the way there', () => {
    const own = at(2, 'layer');
    expect(own('top')).toEqual([true, 2, 2, 0, 1]);
    expect(own('d')).toEqual([false, 0, 0, 0, 0]);
    const { history: lonely } = historyOf([tables[0]!, table(file('d/x', 'x'))]);
    const view = viewFiles(lonely, { layer: 1, scope: 'layer' }, new Float64Array(20));
    expect(view.versions[findNode(lonely, 'd')!]).not.toBe(-1);
  });
});

test('the top of any stack is what merging makes of it', () => {
  const path = fc.constantFrom('a', 'b', 'a/x', 'a/y', 'a/x/1', 'b/x', 'b/x/2', 'c', 'c/x', 'l', 'l/x');
  const one = fc
    .tuple(
      path,
      fc.constantFrom('dir', 'dir', 'file', 'file', 'symlink', 'hardlink', 'whiteout', 'opaque'),
      path,
    )
    .map(
      ([name, type, link]): Entry =>
        type === 'file'
          ? file(name, link)
          : entry(name, type as EntryType, type === 'symlink' || type === 'hardlink' ? { link } : {}),
    );
  const layer = fc
    .uniqueArray(one, { maxLength: 8, selector: ({ path: at }) => at })
    .map((entries) => table(...entries));
  fc.assert(
    fc.property(fc.array(layer, { maxLength: 4 }), (tables) => {
      let merged: string[];
      try {
        merged = [...mergeTables(tables).walk()]
          .map(({ entry: { path: at } }) => at)
          .filter((at) => at !== '');
      } catch {
        return; // refused when it is opened
      }
      const { history } = historyOf(tables);
      const seen = history.parents.flatMap((_, node) => {
        const version = history.latest[node]!;
        return node > 0 && version >= 0 && history.versionEntries[version] ? [pathOf(history, node)] : [];
      });
      expect(seen.sort()).toEqual(merged.sort());
    }),
    runs(700),
  );
});
