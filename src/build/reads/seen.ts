// What was seen so far, each path once, and not more of them than are worth keeping.

import type { MountReads, StepReads } from '../graph/index.ts';
import type { MountPoint, Place } from './places.ts';

/** One way of reading. */
export type Kind = 'files' | 'looked' | 'listed' | 'missing';

const KINDS: readonly Kind[] = ['files', 'looked', 'listed', 'missing'];

type Lists = Readonly<Record<Kind, Set<string>>>;

const lists = (): Lists => ({ files: new Set(), looked: new Set(), listed: new Set(), missing: new Set() });

/** Collects paths. */
export class Seen {
  private readonly image = lists();
  private readonly mounts = new Map<MountPoint, Lists>();
  private count = 0;
  private cut = false;

  constructor(private readonly most: number) {}

  /** Adds a place, if it is in the image or in a mount that matters, and the command did not make it. */
  add(kind: Kind, place: Place): void {
    const { path, mount, state } = place;
    this.addLinks(place);
    if (state === 'own' || state === 'gone') return;
    if (!mount) this.put(this.image[kind], path);
    else if (mount.told !== undefined) {
      let there = this.mounts.get(mount);
      if (!there) {
        there = lists();
        this.mounts.set(mount, there);
      }
      this.put(there[kind], path.slice(mount.path.length + 1));
    }
  }

  /** Adds the links that led to a place. */
  addLinks({ links }: Place): void {
    for (const link of links) this.put(this.image.looked, link);
  }

  private put(set: Set<string>, path: string): void {
    if (set.has(path)) return;
    if (this.count >= this.most) {
      this.cut = true;
      return;
    }
    this.count++;
    set.add(path);
  }

  /** All of it, as data. */
  reads(): StepReads {
    const mounts = [...this.mounts].flatMap(([mount, there]): MountReads[] =>
      mount.told === undefined ? [] : [{ target: mount.told, ...sorted(there) }],
    );
    return {
      ...sorted(this.image),
      ...(mounts.length > 0 ? { mounts: mounts.sort((a, b) => (a.target < b.target ? -1 : 1)) } : {}),
      ...(this.cut ? { cut: true as const } : {}),
    };
  }
}

function sorted(given: Lists): Readonly<Record<Kind, readonly string[]>> {
  const [files, looked, listed, missing] = KINDS.map((kind) => {
    // A directory in a mount may have been opened as if it were a file.
    const better = kind === 'files' ? given.listed : kind === 'looked' ? given.files : undefined;
    return [...given[kind]].filter((path) => !better?.has(path)).sort(byCodeUnit);
  }) as [string[], string[], string[], string[]];
  return { files, looked, listed, missing };
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
