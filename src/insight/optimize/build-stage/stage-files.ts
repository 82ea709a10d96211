// The files of the last stage: what its base has, what its instructions made of it, and which of them made what.

import type { Entry, TableOfContents } from '../../../oci/image/index.ts';
import { type SeenTree, seenTree } from '../../programs/index.ts';
import type { Subject } from '../subject.ts';
import type { Part } from './roles.ts';

/** The files. */
export interface StageFiles {
  readonly base: SeenTree;
  readonly whole: SeenTree;
  /** What made a path what it is, of those that the stage made. */
  readonly makers: ReadonlyMap<string, Part>;
}

/** Undefined where the layers of the image are not those of the base and then of the stage, one by one. */
export function stageFiles(subject: Subject, parts: readonly Part[]): StageFiles | undefined {
  const { diffIds, tables } = subject.evidence.image;
  const own = parts.filter(({ step }) => step?.layer !== undefined);
  const below = diffIds.length - own.length;
  if (below < 0 || own.some(({ step }, i) => step!.layer !== diffIds[below + i])) return undefined;
  const base = slimmerBelow(subject) ?? tables.slice(0, below);
  const whole = seenTree([...base, ...tables.slice(below)]);
  const makers = new Map<string, Part>();
  for (const [path, layer] of whole.layers)
    if (layer >= base.length) makers.set(path, own[layer - base.length]!);
  return { base: seenTree(base), whole, makers };
}

/** The layers of the base that a change before this one has put in the place of the original's. */
function slimmerBelow({ evidence: { slimmer }, lint }: Subject): readonly TableOfContents[] | undefined {
  const base = lint.stages.at(-1)?.stage.base;
  return slimmer && base?.kind === 'image' && base.reference === slimmer.name
    ? slimmer.image.tables
    : undefined;
}

/** What a step put at a path. */
export function writtenAt({ step }: Part): ReadonlyMap<string, Entry> {
  return byPath(step?.table);
}

const kept = new WeakMap<TableOfContents, ReadonlyMap<string, Entry>>();

function byPath(table: TableOfContents | undefined): ReadonlyMap<string, Entry> {
  if (!table) return new Map();
  const known = kept.get(table) ?? new Map(table.entries.map((entry) => [entry.path, entry]));
  kept.set(table, known);
  return known;
}

/** Whether two entries are the same to a container, their times left out. */
export function isAlike(a: Entry, b: Entry): boolean {
  return (
    a.type === b.type &&
    a.mode === b.mode &&
    a.uid === b.uid &&
    a.gid === b.gid &&
    a.digest === b.digest &&
    a.link === b.link
  );
}
