// Whether a COPY can be made later: below a RUN that needs little of it, and what of it that RUN has to have all the same.

import type { TableOfContents } from '../../oci/image/index.ts';
import type { BuiltInstruction } from '../lint/index.ts';
import { type ContextCopy, contextCopies } from './context-copies.ts';
import { type Needs, needsOf, type Refuse } from './needs.ts';
import type { Subject } from './subject.ts';
import { shortened } from './words.ts';

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
  readonly needsOf?: (
    built: BuiltInstruction,
    files: readonly string[],
    refuse?: Refuse,
  ) => Needs | undefined;
  /** Is told why a COPY stays where it is. */
  readonly refuse?: Refuse;
  /** COPYs that are to stay though they could stand lower, if something of them is needed above. */
  readonly stays?: (copy: ContextCopy) => boolean;
}

/** Finds them. @returns undefined where there is none */
export function lowering(
  subject: Subject,
  { items, below, refuse, stays, ...own }: LoweringRequest,
): Lowering | undefined {
  const copies = contextCopies(subject);
  const at = (i: number) => copies.get(items[i]!);
  const above = items.flatMap((_, i) => (i < below && at(i) ? [i] : []));
  const first = above[0];
  if (first === undefined) return undefined;
  const needs = new Map<number, Needs | undefined>();
  /** Why it is not known what a RUN needs. */
  const reasons = new Map<number, string>();
  for (let i = first; i <= below; i++) {
    const built = items[i]!;
    if (built.instruction.kind !== 'run') continue;
    const files = above.filter((j) => j < i).flatMap((j) => [...at(j)!.files.values()]);
    const ask = i === below && own.needsOf ? own.needsOf : askNeeds(subject);
    const told = (why: string) => {
      reasons.set(i, i === below ? why : `${inWord(built)} stands between: ${why}`);
    };
    needs.set(i, ask(built, files, told));
  }
  const lowered = new Set<number>();
  for (const i of above.toReversed()) {
    const copy = at(i)!;
    const between = items.flatMap((_, j) => (j > i && j <= below && !lowered.has(j) ? [j] : []));
    const obstacle = between.find(
      (j) => !canPass(subject, { copy, other: items[j]!, otherCopy: at(j), needs: needs.get(j) }),
    );
    const needed = neededOf(copy, between, needs);
    if (needed.length > 0 && stays?.(copy)) continue;
    const source = sourceOf(copy, between, needs);
    if (obstacle === undefined && !copy.makes && !source && needed.length < copy.files.size) lowered.add(i);
    else if (refuse && copy.files.size > 0) {
      const unknown =
        obstacle === undefined
          ? source && `it reads the source ${source}, which may name others of what is copied one day`
          : reasons.get(obstacle);
      refuse(unknown ?? obstacleWhy(subject, copy, obstacle === undefined ? undefined : items[obstacle]));
    }
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
  return (built: BuiltInstruction, files: readonly string[], refuse?: Refuse) =>
    needsOf(subject, { built, files, ...(refuse ? { refuse } : {}) });
}

function inWord({ instruction }: BuiltInstruction): string {
  return shortened(instruction.text, 40);
}

/** Why a COPY stays above: an instruction that it cannot pass, or that all of it is needed. */
function obstacleWhy(
  { observed }: Subject,
  copy: ContextCopy,
  obstacle: BuiltInstruction | undefined,
): string {
  const copied = inWord(copy.built);
  if (!obstacle)
    return copy.makes
      ? `what ${copied} makes of its sources is not known`
      : `it reads all that ${copied} brings`;
  const written = conflicting(copy.table, observed(obstacle.instruction)?.table);
  if (written === undefined) return `${copied} depends on ${inWord(obstacle)}, which stands between`;
  if (obstacle.instruction.kind === 'run') return `it writes /${written} over what ${copied} brings`;
  return `${inWord(obstacle)} writes /${written} over what ${copied} brings`;
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

/** One of a COPY that a build below reads, and that may name others of it one day. */
function sourceOf(
  { files }: ContextCopy,
  runs: readonly number[],
  needs: ReadonlyMap<number, Needs | undefined>,
): string | undefined {
  const found = [...files].find(([, place]) => runs.some((j) => needs.get(j)?.sources?.has(place)));
  return found?.[0];
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
  return conflicting(one, other) !== undefined;
}

/** A name that both have, and not the same of it. */
function conflicting(
  one: TableOfContents | undefined,
  other: TableOfContents | undefined,
): string | undefined {
  if (!one || !other) return undefined;
  const entries = new Map(one.entries.map((entry) => [entry.path, entry]));
  const found = other.entries.find((entry) => {
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
  return found?.path;
}
