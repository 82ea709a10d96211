// What a rebase is about, and what can stand against it.

import type { Entry } from '../../oci/image/index.ts';
import type { SeenTree } from '../programs/index.ts';

/** A layer of the image that is not its base's. */
export interface OwnLayer {
  /** `RUN make install`; empty where the history does not say. */
  readonly instruction: string;
  readonly entries: readonly Entry[];
}

/** An image between two bases. */
export interface RebaseSubject {
  /** The base that it stands on, and the one it is to stand on. */
  readonly from: SeenTree;
  readonly onto: SeenTree;
  /** Bottom first. */
  readonly own: readonly OwnLayer[];
}

/** What a concern is about; stable names for programs. */
export type ConcernKind =
  | 'packages'
  | 'rewritten'
  | 'in-the-way'
  | 'hidden'
  | 'directory'
  | 'link'
  | 'linker-cache'
  | 'program'
  | 'owner'
  | 'user'
  | 'command'
  | 'node-version'
  | 'triggers';

/** Something that speaks against a rebase. */
export interface Concern {
  /** `breaks`: the result would not be what a build on the new base makes. `check`: it may not be. */
  readonly level: 'breaks' | 'check';
  readonly kind: ConcernKind;
  /** A sentence without its end. */
  readonly text: string;
  /** The instruction to blame, where there is one. */
  readonly instruction?: string;
  /** Clean paths, sorted, and no more than `MOST_PATHS` of them. */
  readonly paths: readonly string[];
  /** How many paths there are in all. */
  readonly count: number;
}

const MOST_PATHS = 20;

/** A concern with its paths. */
export function concern(facts: Omit<Concern, 'paths' | 'count'>, paths: Iterable<string> = []): Concern {
  const all = [...new Set(paths)].sort();
  return { ...facts, paths: all.slice(0, MOST_PATHS), count: all.length };
}

/** The list at a key, made where there is none. */
export function listAt<K>(lists: Map<K, string[]>, key: K): string[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}
