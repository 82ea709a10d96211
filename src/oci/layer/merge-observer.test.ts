import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { MilleError } from '../../core/index.ts';
import { runs } from '../../testkit/runs.ts';
import type { Entry } from '../image/index.ts';
import { type MergeState, mergeTables } from './merge.ts';

const names = fc.constantFrom('a', 'b', 'c');
const paths = fc.array(names, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const types: readonly Entry['type'][] = ['file', 'file', 'dir', 'symlink', 'hardlink', 'whiteout', 'opaque'];

const anyEntry: fc.Arbitrary<Entry> = fc.record({
  path: paths,
  type: fc.constantFrom(...types),
  mode: fc.constant(0o644),
  uid: fc.nat(1),
  gid: fc.constant(0),
  size: fc.constant(0),
  mtime: fc.constant(0),
  link: paths,
});

const anyTables = fc.array(
  fc.array(anyEntry, { maxLength: 8 }).map((entries) => ({ entries })),
  { maxLength: 4 },
);

test('what an observer is told adds up to what is seen at the end', () => {
  fc.assert(
    fc.property(anyTables, (tables) => {
      const seen = new Map<string, MergeState>();
      try {
        const merged = mergeTables(tables, {
          observer: {
            placed: (layer, path, now, before) => {
              expect(now.layer).toBe(layer);
              expect(before).toEqual(seen.get(path));
              seen.set(path, now);
            },
            removed: (_layer, path, before) => {
              expect(before).toEqual(seen.get(path)!);
              expect(seen.delete(path)).toBe(true);
            },
          },
        });
        const expected = [...merged.walk()].map(
          ({ entry, layer }) => [entry.path, entry.type, layer] as const,
        );
        const told = [...seen].map(([path, { entry, layer }]) => [path, entry.type, layer] as const);
        expect(told.sort()).toEqual(expected.sort());
      } catch (error) {
        if (!(error instanceof MilleError)) throw error;
      }
    }),
    runs(1000),
  );
});
