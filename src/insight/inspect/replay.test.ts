import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { MilleError } from '../../core/index.ts';
import type { Entry, TableOfContents } from '../../oci/image/index.ts';
import { mergeTables } from '../../oci/layer/index.ts';
import { runs } from '../../testkit/runs.ts';
import { differingAspects } from './aspects.ts';
import { contentsOf } from './contents.ts';
import { replayLayers } from './replay.ts';
import { imageSizes, layerSizes } from './sizes.ts';
import { anyTables } from './testdata/any-tables.ts';
import { findWaste } from './waste.ts';

/** The names of some layers, each with what it means. */
function namesOf(tables: readonly TableOfContents[]): Map<string, Entry> {
  return new Map([...mergeTables(tables).walk()].map(({ entry }) => [entry.path, entry]));
}

test('what layers change is what differs with and without them', () => {
  fc.assert(
    fc.property(anyTables, (tables) => {
      try {
        const replay = replayLayers(tables);
        for (const [layer, changes] of replay.changes.entries()) {
          const before = namesOf(tables.slice(0, layer));
          const after = namesOf(tables.slice(0, layer + 1));
          const seen = new Set<string>();
          for (const change of changes) {
            expect(seen.has(change.path)).toBe(false);
            seen.add(change.path);
            const was = before.get(change.path);
            const is = after.get(change.path);
            expect(change.before).toEqual(was);
            expect(change.after).toEqual(is);
            expect(change.kind).toBe(was ? (is ? 'changed' : 'removed') : 'added');
          }
          for (const path of new Set([...before.keys(), ...after.keys()])) {
            const [was, is] = [before.get(path), after.get(path)];
            if (!was || !is || differingAspects(was, is).some((aspect) => aspect !== 'time'))
              expect(seen.has(path)).toBe(true);
          }
        }
      } catch (error) {
        if (!(error instanceof MilleError)) throw error;
      }
    }),
    runs(700),
  );
});

test('every byte is visible or hidden, and the trees add up to them', () => {
  fc.assert(
    fc.property(anyTables, (tables) => {
      try {
        const replay = replayLayers(tables);
        const { contentBytes, hiddenBytes } = findWaste(contentsOf(replay), 1);
        const stored = tables.flatMap(({ entries }) => entries).reduce((sum, { size }) => sum + size, 0);
        expect(contentBytes).toBe(stored);
        const seen = new Set([...replay.tree.walk()].flatMap(({ content }) => content?.entry ?? []));
        const visible = [...seen].reduce((sum, { size }) => sum + size, 0);
        expect(contentBytes - hiddenBytes).toBe(visible);
        expect(imageSizes(replay).bytes).toBe(visible);
        const layers = tables.map((_, layer) => layerSizes(replay, layer));
        expect(layers.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(stored);
        expect(layers.reduce((sum, one) => sum + one.hiddenBytes, 0)).toBe(hiddenBytes);
        for (const { path, hidden } of replay.contents)
          if (!hidden) expect(replay.tree.get(path)).toBeDefined();
      } catch (error) {
        if (!(error instanceof MilleError)) throw error;
      }
    }),
    runs(700),
  );
});
