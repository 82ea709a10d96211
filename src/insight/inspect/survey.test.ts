import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { MilleError } from '../../core/index.ts';
import type { TableOfContents } from '../../oci/image/index.ts';
import { directory, hardLink, sized, symbolicLink, table, whiteout } from '../../testkit/index.ts';
import { surveyedSizes } from './column-sizes.ts';
import { type Contents, contentsOf } from './contents.ts';
import { figuresOf } from './figures.ts';
import { replayLayers } from './replay.ts';
import { imageSizes, type SizeNode } from './sizes.ts';
import { surveyLayers } from './survey.ts';
import { anyTables, soundTables } from './testdata/any-tables.ts';
import { findWaste } from './waste.ts';

function listed(contents: Contents) {
  return Array.from({ length: contents.count }, (_, i) => {
    const [layer, size, path, hidden] = [
      contents.layer(i),
      contents.size(i),
      contents.path(i),
      contents.hidden(i),
    ];
    return { layer, size, path, ...(hidden ? { hidden } : {}) };
  });
}

/** All of a tree, which is made only where it is looked at. */
function whole({ children, ...node }: SizeNode & { children: readonly SizeNode[] }): unknown {
  return { ...node, children: children.map(whole) };
}

function copied(node: SizeNode): unknown {
  const { name, path, entry, layer, bytes, hiddenBytes, hidesBytes, files } = node;
  return {
    ...{ name, path, bytes, hiddenBytes, hidesBytes, files },
    ...(entry ? { entry } : {}),
    ...(layer === undefined ? {} : { layer }),
    children: node.children.map(copied),
  };
}

async function outcomeOf<T>(work: () => T | Promise<T>): Promise<T | string> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof MilleError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

/** What is said of some layers, from objects and from numbers. */
async function bothWays(tables: readonly TableOfContents[], base: number) {
  const full = await outcomeOf(() => {
    const replay = replayLayers(tables);
    const contents = contentsOf(replay);
    const tree = whole(imageSizes(replay) as SizeNode & { children: readonly SizeNode[] });
    return {
      figures: figuresOf(replay),
      contents: listed(contents),
      waste: findWaste(contents, base),
      tree,
    };
  });
  const lean = await outcomeOf(async () => {
    const survey = await surveyLayers(tables.map(({ entries }) => [entries.slice(0, 3), entries.slice(3)]));
    const { figures, contents } = survey;
    const tree = copied(surveyedSizes(survey));
    return { figures, contents: listed(contents), waste: findWaste(contents, base), tree };
  });
  return [lean, full] as const;
}

for (const [title, tables, numRuns] of [
  ['numbers say the same of layers as objects do', soundTables, 500],
  ['and refuse the same', anyTables, 500],
] as const)
  test(title, async () => {
    await fc.assert(
      fc.asyncProperty(tables, fc.nat(2), async (some, base) => {
        const [lean, full] = await bothWays(some, base);
        expect(lean).toEqual(full);
      }),
      { numRuns },
    );
  });

test('links, attributes and times of many names', async () => {
  const many = (layer: number) =>
    Array.from({ length: 3000 }, (_, i) =>
      sized(`usr/lib/${i % 50}/f${i}`, i, `${layer % 2} ${i % 1000}`, {
        ...(i % 5 === 0 ? { uid: 2 ** 31 + layer } : {}),
        ...(i % 7 === 0 ? { xattrs: { 'user.a': `${layer}` } } : {}),
        mtime: -1 - (i % 3),
      }),
    );
  const [lean, full] = await bothWays(
    [
      table(directory('usr'), symbolicLink('lib', 'usr/lib'), ...many(0), hardLink('a', 'usr/lib/1/f1')),
      table(...many(1), hardLink('lib/b\udc80', 'a'), whiteout('usr/lib/3')),
      table(...many(2).slice(0, 999), whiteout('a'), whiteout('usr/lib/49')),
    ],
    1,
  );
  expect(typeof lean).toBe('object');
  expect(lean).toEqual(full);
});
