// What is expected of several RUN as one, by what each was seen to do.

import type { Entry, TableOfContents } from '../../../oci/image/index.ts';
import type { StepEvidence, StepReadsOfContext } from '../evidence.ts';

/** Bytes of files that a later one of some layers removes or writes again. */
export function overwritten(tables: readonly TableOfContents[]): number {
  const all = tables.flatMap(({ entries }) => entries).reduce((sum, { size }) => sum + size, 0);
  return all - joinedTable(tables).entries.reduce((sum, { size }) => sum + size, 0);
}

/** The table of one layer in the place of several. */
function joinedTable(tables: readonly TableOfContents[]): TableOfContents {
  const merged = new Map<string, Entry>();
  for (const { entries } of tables) {
    // What hides comes before what the same layer brings.
    for (const { path, type } of entries)
      if (type === 'whiteout' || type === 'opaque') hide(merged, path, type);
    for (const entry of entries) merged.set(entry.path, entry);
  }
  return { entries: [...merged.values()] };
}

function hide(merged: Map<string, Entry>, path: string, type: 'whiteout' | 'opaque'): void {
  if (type === 'whiteout') merged.delete(path);
  for (const other of merged.keys()) if (other.startsWith(`${path}/`)) merged.delete(other);
}

/** @param runs in their order, one at least */
export function joinedStep(
  runs: readonly { readonly step: StepEvidence; readonly table: TableOfContents }[],
): StepEvidence {
  const steps = runs.map(({ step }) => step);
  const table = joinedTable(runs.map((one) => one.table));
  const reads = steps.map((step) => step.reads);
  const { bytes: _, reads: __, ...first } = steps[0]!;
  return {
    ...first,
    seconds: steps.reduce((sum, { seconds }) => sum + seconds, 0),
    table,
    ...(reads.every((one) => one !== undefined) ? { reads: joinedReads(reads) } : {}),
  };
}

function joinedReads(reads: readonly StepReadsOfContext[]): StepReadsOfContext {
  const all = (of: (one: StepReadsOfContext) => ReadonlySet<string>) =>
    new Set(reads.flatMap((one) => [...of(one)]));
  return {
    files: all(({ files }) => files),
    looked: all(({ looked }) => looked),
    listed: all(({ listed }) => listed),
    missing: all(({ missing }) => missing),
    cut: reads.some(({ cut }) => cut),
    fromContext: new Map(reads.flatMap(({ fromContext }) => [...fromContext])),
  };
}
