// Whether a COPY can be made later: below a RUN that needs little of it, and what of it that RUN has to have all the same.

import type { TableOfContents } from '../../oci/image/index.ts';
import type { BuiltInstruction } from '../lint/index.ts';
import { type ContextCopy, contextCopies } from './context-copies.ts';
import { type Needs, needsOf } from './needs.ts';
import type { Subject } from './subject.ts';

/** A COPY that is to stand lower. */
export interface Lowered {
  readonly copy: ContextCopy;
  /** What of it is needed above that place: files of the context. */
  readonly needed: readonly string[];
}

/** COPYs that can stand below a RUN. */
export interface Lowering {
  /** In their order. */
  readonly lowered: readonly Lowered[];
  /** What the RUNs between them and the place need. */
  readonly needs: readonly { readonly built: BuiltInstruction; readonly needs: Needs }[];
}

/** Where to. */
export interface LoweringRequest {
  /** The instructions of a stage. */
  readonly items: readonly BuiltInstruction[];
  /** Which of them the COPYs are to stand below. */
  readonly below: number;
  /** What that RUN needs, where it is not all of it: of a part of it. */
  readonly needsOf?: (built: BuiltInstruction, files: readonly string[]) => Needs | undefined;
}

/** Finds them. @returns undefined where there is none */
export function lowering(subject: Subject, { items, below, ...own }: LoweringRequest): Lowering | undefined {
  const copies = contextCopies(subject);
  const at = (i: number) => copies.get(items[i]!);
  const above = items.flatMap((_, i) => (i < below && at(i) ? [i] : []));
  const first = above[0];
  if (first === undefined) return undefined;
  const needs = new Map<number, Needs | undefined>();
  for (let i = first; i <= below; i++) {
    const built = items[i]!;
    if (built.instruction.kind !== 'run') continue;
    const files = above.filter((j) => j < i).flatMap((j) => [...at(j)!.files.values()]);
    const ask = i === below && own.needsOf ? own.needsOf : askNeeds(subject);
    needs.set(i, ask(built, files));
  }
  const lowered = new Set<number>();
  for (const i of above.toReversed()) {
    const copy = at(i)!;
    const between = items.flatMap((_, j) => (j > i && j <= below && !lowered.has(j) ? [j] : []));
    const isFree = between.every((j) =>
      canPass(subject, { copy, other: items[j]!, otherCopy: at(j), needs: needs.get(j) }),
    );
    if (isFree && !copy.makes && neededOf(copy, between, needs).length < copy.files.size) lowered.add(i);
  }
  if (lowered.size === 0) return undefined;
  const start = Math.min(...lowered);
  return {
    lowered: [...lowered].toReversed().map((i) => {
      const between = [...needs.keys()].filter((j) => j > i);
      const given = above.filter((j) => !lowered.has(j) && j < Math.min(...between)).map((j) => at(j)!);
      const needed = neededOf(at(i)!, between, needs).filter(
        (path) => !given.some(({ files }) => files.get(path) === at(i)!.files.get(path)),
      );
      return { copy: at(i)!, needed };
    }),
    needs: [...needs].flatMap(([j, one]) => (j > start && one ? [{ built: items[j]!, needs: one }] : [])),
  };
}

function askNeeds(subject: Subject) {
  return (built: BuiltInstruction, files: readonly string[]) => needsOf(subject, { built, files });
}

/** The files of a COPY that some RUNs need. */
function neededOf(
  { files }: ContextCopy,
  runs: readonly number[],
  needs: ReadonlyMap<number, Needs | undefined>,
): readonly string[] {
  return [...files]
    .filter(([, place]) => runs.some((j) => needs.get(j)?.files.has(place)))
    .map(([path]) => path);
}

/** Whether a COPY may be made after another instruction that stands below it. */
function canPass(
  { observed }: Subject,
  pair: {
    readonly copy: ContextCopy;
    readonly other: BuiltInstruction;
    readonly otherCopy: ContextCopy | undefined;
    readonly needs: Needs | undefined;
  },
): boolean {
  const { copy, other, otherCopy } = pair;
  const { instruction } = other;
  switch (instruction.kind) {
    case 'run':
      return pair.needs !== undefined && !conflict(copy.table, observed(instruction)?.table);
    case 'copy':
    case 'add': {
      const table = observed(instruction)?.table;
      if (copy.table && table) return !conflict(copy.table, table);
      return otherCopy !== undefined && !otherCopy.makes && !overlap(copy, otherCopy);
    }
    case 'workdir':
      return isAbsolute(copy) && !conflict(copy.table, observed(instruction)?.table);
    case 'env':
      return !instruction.pairs.some(({ key }) => mentions(copy, key.text));
    case 'arg':
      return !instruction.args.some(({ name }) => mentions(copy, name.text));
    case 'onbuild':
    case 'volume':
      return false;
    default:
      return true;
  }
}

function isAbsolute({ instruction }: ContextCopy): boolean {
  return instruction.destination.text.startsWith('/');
}

function mentions({ instruction }: ContextCopy, name: string): boolean {
  return new RegExp(`\\$\\{?${name.replaceAll(/\W/g, '')}\\b`).test(instruction.text);
}

function overlap(one: ContextCopy, other: ContextCopy): boolean {
  const places = new Map([...one.files].map(([path, place]) => [place, path]));
  return [...other.files].some(([path, place]) => places.has(place) && places.get(place) !== path);
}

/** Whether it matters which of two layers is above the other: they have something of one name that is not the same. */
export function conflict(one: TableOfContents | undefined, other: TableOfContents | undefined): boolean {
  if (!one || !other) return false;
  const entries = new Map(one.entries.map((entry) => [entry.path, entry]));
  return other.entries.some((entry) => {
    const there = entries.get(entry.path);
    if (!there) return false;
    return (
      there.type !== entry.type ||
      there.mode !== entry.mode ||
      there.uid !== entry.uid ||
      there.gid !== entry.gid ||
      there.digest !== entry.digest ||
      there.link !== entry.link
    );
  });
}
