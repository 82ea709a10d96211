// Layers of all kinds, few of whose names are different: for tests of what holds for each of them.

import fc from 'fast-check';
import { MilleError } from '../../../core/index.ts';
import type { Entry, TableOfContents } from '../../../oci/image/index.ts';
import { mergeTables } from '../../../oci/layer/index.ts';
import { directory, hardLink, opaque, sized, symbolicLink, table, whiteout } from '../../../testkit/index.ts';

const paths = fc
  .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('/'));

const anyEntry: fc.Arbitrary<Entry> = fc.oneof(
  fc.tuple(paths, fc.nat(5), fc.nat(1)).map(([path, size, uid]) => sized(path, size, `${size}`, { uid })),
  fc.tuple(paths, fc.nat(1)).map(([path, uid]) => directory(path, { uid })),
  fc.tuple(paths, paths).map(([path, link]) => hardLink(path, link)),
  fc.tuple(paths, paths).map(([path, link]) => symbolicLink(path, link)),
  paths.map(whiteout),
  paths.map(opaque),
);

function tablesOf(most: number): fc.Arbitrary<TableOfContents[]> {
  return fc.array(
    fc.array(anyEntry, { maxLength: most }).map((entries) => table(...entries)),
    { maxLength: 4 },
  );
}

/** Tables of contents of up to four layers; many are refused. */
export const anyTables = tablesOf(9);

/** Those that are sound, without the entries for which they would be refused. */
export const soundTables = tablesOf(16).map((tables) => {
  const sound: TableOfContents[] = [];
  for (const { entries } of tables) {
    const kept: Entry[] = [];
    for (const entry of entries) {
      kept.push(entry);
      if (!isSound([...sound, table(...kept)])) kept.pop();
    }
    sound.push(table(...kept));
  }
  return sound;
});

function isSound(tables: readonly TableOfContents[]): boolean {
  try {
    mergeTables(tables);
    return true;
  } catch (error) {
    if (error instanceof MilleError) return false;
    throw error;
  }
}
