// What an image stores in vain: files that a later layer hides, and content that is there under two paths. Replayed from
// the tables of contents of the steps, in the order of the text as it is now.

import type { Entry, TableOfContents } from '../../oci/image/index.ts';
import { type BuiltInstruction, lineage } from '../lint/index.ts';
import { builtOf, type Subject } from './subject.ts';

/** A layer, and the instruction that made it; none for those of the base. */
export interface MadeLayer {
  readonly built?: BuiltInstruction;
  readonly table: TableOfContents;
}

/** Files of one layer that another one makes useless. */
export interface Overlap {
  /** `overwritten`, `deleted`: what the first has is hidden by the second. `twice`: both are there. */
  readonly kind: 'overwritten' | 'deleted' | 'twice';
  readonly first: MadeLayer;
  readonly second: MadeLayer;
  /** Of the first; of what is there twice, those of the second. */
  readonly paths: readonly string[];
  readonly bytes: number;
}

/** The layers of the image, from the base upwards, as far as they are known. */
export function madeLayers(subject: Subject): readonly MadeLayer[] {
  const { evidence, lint } = subject;
  const { stages } = lint.dockerfile;
  const last = lint.stages.at(-1)?.stage.index;
  const shipped = last === undefined ? [] : [...lineage(stages, stages[last]!)].reverse();
  const made = new Set(
    [...evidence.steps, ...lint.built.flatMap(({ instruction }) => subject.observed(instruction) ?? [])].map(
      ({ layer }) => layer,
    ),
  );
  const { diffIds, tables } = evidence.image;
  return [
    ...tables.flatMap((table, i) => (made.has(diffIds[i]) ? [] : [{ table }])),
    ...shipped.flatMap(({ index }) =>
      builtOf(subject, index).flatMap((built): MadeLayer[] => {
        const table = subject.observed(built.instruction)?.table;
        return table ? [{ built, table }] : [];
      }),
    ),
  ];
}

interface Stored {
  readonly entry: Entry;
  readonly layer: MadeLayer;
}

/** Pairs of layers, the one with the most bytes first. What lies within the base is its own affair. */
export function overlaps(layers: readonly MadeLayer[]): readonly Overlap[] {
  const found = new Pairs();
  const visible = new Map<string, Stored>();
  for (const layer of layers) {
    const gone = new Set<string>();
    for (const { path, type } of layer.table.entries)
      if (type === 'whiteout' || type === 'opaque') gone.add(path);
    if (gone.size > 0)
      for (const [path, stored] of visible) {
        if (!isWithin(path, gone)) continue;
        visible.delete(path);
        found.add('deleted', stored, layer);
      }
    for (const entry of layer.table.entries) {
      const { path, type } = entry;
      if (type === 'whiteout' || type === 'opaque' || type === 'dir') continue;
      const before = visible.get(path);
      if (before && before.layer !== layer) found.add('overwritten', before, layer);
      visible.set(path, { entry, layer });
    }
  }
  twice(visible, found);
  return found.sorted();
}

function isWithin(path: string, gone: ReadonlySet<string>): boolean {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1))
    if (gone.has(path.slice(0, end))) return true;
  return false;
}

/** Smaller files are the same by chance, and no matter. */
const SMALL = 4096;

function twice(visible: ReadonlyMap<string, Stored>, found: Pairs): void {
  const first = new Map<string, Stored>();
  for (const stored of visible.values()) {
    const { type, digest, size } = stored.entry;
    if (type !== 'file' || digest === undefined || size < SMALL) continue;
    const other = first.get(digest);
    if (!other) first.set(digest, stored);
    else found.add('twice', other, stored.layer, stored.entry.path);
  }
}

/** Sums by pairs of layers. */
class Pairs {
  private readonly byPair = new Map<string, Overlap & { readonly paths: string[] }>();
  private readonly numbers = new Map<MadeLayer, number>();

  add(kind: Overlap['kind'], { entry, layer: first }: Stored, second: MadeLayer, path = entry.path): void {
    if (!first.built && !second.built) return;
    const key = `${kind} ${this.numberOf(first)} ${this.numberOf(second)}`;
    const known = this.byPair.get(key) ?? { kind, first, second, paths: [], bytes: 0 };
    known.paths.push(path);
    this.byPair.set(key, { ...known, bytes: known.bytes + entry.size });
  }

  sorted(): readonly Overlap[] {
    return [...this.byPair.values()].sort((a, b) => b.bytes - a.bytes);
  }

  private numberOf(layer: MadeLayer): number {
    const known = this.numbers.get(layer) ?? this.numbers.size;
    this.numbers.set(layer, known);
    return known;
  }
}

/** The directory that some paths have in common, or the one path. */
export function commonPlace(paths: readonly string[]): string {
  if (paths.length === 1) return `/${paths[0]}`;
  let parts = paths[0]!.split('/').slice(0, -1);
  for (const path of paths) {
    const own = path.split('/');
    let same = 0;
    while (same < parts.length && same < own.length - 1 && parts[same] === own[same]) same++;
    parts = parts.slice(0, same);
  }
  return `/${parts.join('/')}`;
}
