// Why packages are in a base image: asked for, part of the system, or needed by another one. Pure.

import { finderOf } from '../../packages/index.ts';
import type { ArchivePackage } from './package.ts';

/** Why a package is there. */
export interface Reason {
  readonly kind: 'asked' | 'essential' | 'profile' | 'needed';
  /** From a package that was asked for, or is essential, to this one: names, this one last. */
  readonly chain: readonly string[];
  /** For `profile`: what it is there for. */
  readonly text?: string;
}

/** A dependency that is not followed. */
export type Cut = (from: string, to: string) => boolean;

/** Packages that are there of themselves, in the order in which they count as reasons. */
export type Roots = ReadonlyMap<string, Pick<Reason, 'kind' | 'text'>>;

/**
 * Follows dependencies from some packages. The chains are the shortest there are; of alternatives the first that is
 * among the packages counts. @returns by name; what nothing leads to is not in it
 */
export function reasonsFor(
  packages: readonly ArchivePackage[],
  { roots, cut = () => false }: { readonly roots: Roots; readonly cut?: Cut },
): ReadonlyMap<string, Reason> {
  const byName = new Map(packages.map((one) => [one.name, one]));
  const find = finderOf({ packages: new Map(packages.map((one) => [one.id, one])) });
  const reasons = new Map<string, Reason>();
  const open: string[] = [];
  for (const [name, { kind, text }] of roots) {
    if (!byName.has(name) || reasons.has(name)) continue;
    reasons.set(name, { kind, chain: [name], ...(text === undefined ? {} : { text }) });
    open.push(name);
  }
  for (let name = open.shift(); name !== undefined; name = open.shift()) {
    const { chain } = reasons.get(name)!;
    for (const alternatives of byName.get(name)!.depends) {
      // What is not followed may be one of several: another one that is there does not take its place.
      const chosen = alternatives.flatMap((one) => find(one))[0];
      if (chosen === undefined || reasons.has(chosen)) continue;
      if (cut(name, chosen) || alternatives.some((one) => cut(name, one))) continue;
      reasons.set(chosen, { kind: 'needed', chain: [...chain, chosen] });
      open.push(chosen);
    }
  }
  return reasons;
}
