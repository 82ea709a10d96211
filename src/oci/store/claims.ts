// What a process that works on the store relies on, said so that others see it: a byte of one file stands for every
// thing, and who relies on a thing holds a shared lock on its byte. Who wants to remove something takes the byte for
// itself first, and leaves the thing alone where it cannot have it. So things are removed beside builds that run, and
// a process that ends, however, claims nothing.
//
// The order is what makes it safe. Who relies on something claims it first and looks whether it is there afterwards;
// who removes takes it first and makes it invisible before letting go.

import { type Digest, digestHex } from '../../core/index.ts';
import { CWD, closeFd, isByteLocked, lockByte, O, openAt, unlockByte } from '../../sys/index.ts';
import type { StorePaths } from './layout.ts';

/** A lock that is held until released. */
export interface Held {
  release(): void;
}

/** What can be claimed: a blob or a layer by its digest, an unpacked layer by its key. */
export type Claimable = Digest | UnpackedClaim;
export type UnpackedClaim = `unpacked:${Digest}`;

/** Takes something for removal; false where somebody relies on it. */
export type Take = (what: Claimable) => boolean;

/** The claims on a store. */
export interface Claims {
  /** Whether this is a time of work. */
  readonly working: boolean;
  /** Begins a time of work: until its end everything that is claimed stays claimed. Times may overlap. */
  work(): Held;
  /** Claims something, waiting for whoever is removing it just now. Does nothing outside a time of work. */
  claim(what: Claimable): void;
  /** The same for as long as it is held, at any time. */
  hold(what: Claimable): Held;
  /** Whether anybody claims it, this process included. */
  isClaimed(what: Claimable): boolean;
  /** Runs `work`, which takes things to remove them; at its end they are free again. */
  removing<T>(work: (take: Take) => T): T;
  close(): void;
}

/** The claims on the store at `paths`. Nothing is opened before it is needed. */
export function createClaims(paths: StorePaths): Claims {
  const counts = new Map<Claimable, number>();
  const lasting = new Set<Claimable>();
  let own: number | undefined;
  let asking: number | undefined;
  let workers = 0;

  const open = () => openAt(CWD, paths.claims, { flags: O.RDWR | O.CREAT, mode: 0o644 });
  const add = (what: Claimable) => {
    const count = counts.get(what) ?? 0;
    if (count === 0) {
      own ??= open();
      lockByte(own, byteOf(what), { exclusive: false, wait: true });
    }
    counts.set(what, count + 1);
  };
  const drop = (what: Claimable) => {
    const count = counts.get(what) ?? 0;
    if (count > 1) {
      counts.set(what, count - 1);
      return;
    }
    counts.delete(what);
    if (own !== undefined) unlockByte(own, byteOf(what));
  };
  const held = (end: () => void): Held => {
    let open = true;
    return {
      release: () => {
        if (open) end();
        open = false;
      },
    };
  };
  const closeOwn = () => {
    if (own !== undefined) closeFd(own);
    own = undefined;
    counts.clear();
    lasting.clear();
  };

  return {
    get working() {
      return workers > 0;
    },
    work: () => {
      workers++;
      return held(() => {
        if (--workers > 0) return;
        for (const what of lasting) drop(what);
        lasting.clear();
        if (counts.size === 0) closeOwn();
      });
    },
    claim: (what) => {
      if (workers === 0 || lasting.has(what)) return;
      add(what);
      lasting.add(what);
    },
    hold: (what) => {
      add(what);
      return held(() => drop(what));
    },
    isClaimed: (what) => {
      // A descriptor of its own: one's own locks are no obstacle to oneself.
      asking ??= open();
      return isByteLocked(asking, byteOf(what));
    },
    removing: (work) => {
      const fd = open();
      try {
        return work((what) => lockByte(fd, byteOf(what), { exclusive: true, wait: false }));
      } finally {
        closeFd(fd);
      }
    },
    close: () => {
      workers = 0;
      closeOwn();
      if (asking !== undefined) closeFd(asking);
      asking = undefined;
    },
  };
}

const UNPACKED = 1n << 60n;

/** Two things with one byte, if there ever are any, only mean that one of them stays longer. */
function byteOf(what: Claimable): bigint {
  const [digest, kind] = what.startsWith('unpacked:') ? [what.slice(9), UNPACKED] : [what, 0n];
  return kind + BigInt(`0x${digestHex(digest as Digest).slice(0, 15)}`);
}
