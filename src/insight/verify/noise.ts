// Noise: at what the original differs from itself, built twice or more. A rewrite is not to be blamed for it, and is not
// to hide behind it: what of such a path is the same in all builds of the original is asked of the rewrite too.

import type { Entry } from '../../oci/image/index.ts';
import { compareFiles, type FileChange } from '../differences/index.ts';
import type { ObservedImage } from '../optimize/index.ts';
import { isOne, type Lone, loneTrees, type RandomNames, randomNames } from './random-names.ts';

/** What differs between builds of the same. */
export interface Noise {
  /** Paths that all builds have: the aspects in which they differ, and what each build has there. */
  readonly changed: ReadonlyMap<
    string,
    { readonly aspects: ReadonlySet<string>; readonly entries: readonly Entry[] }
  >;
  /** Paths that some builds have, with what they have there. */
  readonly sometimes: ReadonlyMap<string, readonly Entry[]>;
  readonly random: readonly RandomNames[];
  /** All paths that bear such names. */
  readonly named: ReadonlySet<string>;
  /** Paths that differ in nothing that counts in such files. */
  readonly normalised: ReadonlySet<string>;
}

/** Another build of the original. */
export interface OtherBuild {
  readonly image: ObservedImage;
  /** Files in which it differs from the first one, but in nothing that counts: see `leftOut`. */
  readonly normalised: ReadonlyMap<string, string>;
}

/** Compares builds of the original with the first one of them. @throws MilleError for layers that nobody could unpack */
export function noiseOf(first: ObservedImage, others: readonly OtherBuild[]): Noise {
  const changed = new Map<string, { aspects: Set<string>; entries: Entry[] }>();
  const sometimes = new Map<string, Entry[]>();
  const random: RandomNames[] = [];
  const note = ({ path, kind, aspects, before, after }: FileChange) => {
    const entries = [before, after].filter((one) => one !== undefined);
    if (kind !== 'changed') {
      sometimes.set(path, [...(sometimes.get(path) ?? []), ...entries]);
      return;
    }
    const known = changed.get(path) ?? { aspects: new Set(), entries: [] };
    for (const aspect of aspects) known.aspects.add(aspect);
    known.entries.push(...entries);
    changed.set(path, known);
  };
  const meaningless = new Set<string>();
  const named = new Set<string>();
  for (const { image, normalised } of others) {
    const { changes } = compareFiles(first, image);
    // What can be compared is: such a file is no place for anything else to hide.
    for (const change of changes) {
      if (normalised.has(change.path)) meaningless.add(change.path);
      else note(change);
    }
    const { gone, come } = loneOf(changes);
    for (const one of randomNames(gone, come)) {
      random.push(one);
      for (const { path, below } of [...gone, ...come].filter((lone) => isOne(one, lone)))
        for (const entry of [{ path }, ...below]) named.add(entry.path);
    }
  }
  // There is always one of those: what is looked at is all of a directory, not whether each is there.
  for (const path of named) sometimes.delete(path);
  return { changed, sometimes, random, named, normalised: meaningless };
}

/** All paths of it, for those who only want to know where. */
export function noisyPaths({ changed, sometimes, named, normalised }: Noise): ReadonlySet<string> {
  return new Set([...changed.keys(), ...sometimes.keys(), ...named, ...normalised]);
}

/** What only one of two images has. */
export function loneOf(changes: readonly FileChange[]): { readonly gone: Lone[]; readonly come: Lone[] } {
  return {
    gone: loneTrees(changes.flatMap(({ kind, before }) => (kind === 'removed' && before ? [before] : []))),
    come: loneTrees(changes.flatMap(({ kind, after }) => (kind === 'added' && after ? [after] : []))),
  };
}

/** Aspects that have nothing to do with what a file is for: of these any value will do where the original's vary. */
const VARIABLE = new Set(['content', 'link']);

/** Whether a difference is one that the original has from itself; of names that vary, `randomPaths` tells. */
export function isNoise(
  { changed, sometimes }: Noise,
  { path, kind, aspects, before, after }: FileChange,
): boolean {
  if (kind === 'changed') {
    const known = changed.get(path);
    return (
      known !== undefined &&
      aspects.every(
        (aspect) =>
          known.aspects.has(aspect) &&
          (VARIABLE.has(aspect) || known.entries.some((one) => sameBut(one, after!))),
      )
    );
  }
  const seen = sometimes.get(path);
  return seen?.some((one) => sameBut(one, (after ?? before)!)) ?? false;
}

/** Whether two entries are of the same kind, mode and owner. */
function sameBut(a: Entry, b: Entry): boolean {
  return a.type === b.type && a.mode === b.mode && a.uid === b.uid && a.gid === b.gid;
}
