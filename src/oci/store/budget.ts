// A limit on what a store may take, kept before something is written rather than after. Who writes asks for room; where
// there is none, whoever set the limit makes some or says why not. What others write meanwhile is seen by measuring
// again from time to time, seldom enough not to be felt.

import type { SqlDatabase } from '../../sys/index.ts';

/** A limit, and what is done about it. */
export interface StoreLimit {
  /** Bytes that the store may take on disk. */
  readonly bytes: number;
  /** What it takes. */
  measure(): number;
  /**
   * Removes what can be removed until the store takes no more than `bytes`.
   * @returns what it takes then
   */
  makeRoom(bytes: number): number;
  /** The error for bytes that do not fit. */
  refuse(wanted: number): Error;
}

/** How room is asked for. */
export interface RoomOptions {
  /** Bytes that are asked for at once. */
  readonly expected?: number;
  /** The bytes go where measuring does not see them: into a file without a name. */
  readonly unseen?: boolean;
  /** Something else may just have been written, by a command or a program: no earlier measurement is believed. */
  readonly afresh?: boolean;
}

/** Room for something that grows. */
export interface Room {
  /** Says that so many more bytes are about to be written. @throws what the limit refuses with */
  grow(bytes: number): void;
  /** Says that nothing more comes. */
  release(): void;
}

/** Where room is asked for. */
export interface Budget {
  /** @throws what the limit refuses with */
  room(options?: RoomOptions): Room;
}

/** For how long, in milliseconds, a measurement is believed; longer where measuring itself takes long. */
const BELIEVED = 250;
const COST_SHARE = 20;

/** Bytes that something of unknown size asks for at a time, as long as there is room. */
const STEP = 8 << 20;

interface Account {
  readonly unseen: boolean;
  /** Granted, not yet written. */
  left: number;
  /** Written since the last measurement; all that was written where it is not seen. */
  uncounted: number;
}

/** The budget of a store; `limit` is asked for once the store is open. */
export function createBudget(db: SqlDatabase, limit: () => StoreLimit | undefined): Budget {
  const accounts = new Set<Account>();
  let measured = 0;
  let believedUntil = 0;
  /** Written since the last measurement for rooms that are released. */
  let uncounted = 0;
  let busy = false;

  const pending = () => {
    let sum = uncounted;
    for (const account of accounts) sum += account.left + account.uncounted;
    return sum;
  };
  const measure = (how: () => number) => {
    const started = performance.now();
    measured = how();
    uncounted = 0;
    for (const account of accounts) if (!account.unseen) account.uncounted = 0;
    const now = performance.now();
    believedUntil = now + Math.max(BELIEVED, COST_SHARE * (now - started));
  };
  const find = (bytes: number, given: StoreLimit) => {
    const fits = () => measured + pending() + bytes <= given.bytes;
    if (performance.now() > believedUntil || !fits()) measure(given.measure);
    if (fits()) return;
    measure(() => given.makeRoom(Math.max(0, given.bytes - pending() - bytes)));
    if (!fits()) throw given.refuse(bytes);
  };
  /** @param wish what would be good to have, besides what is needed */
  const grant = (account: Account, need: number, wish: number) => {
    const given = limit();
    // Making room writes a little itself. Nor is anything removed inside a transaction, which may yet be undone.
    if (!given || busy || db.inTransaction) return;
    busy = true;
    try {
      find(need, given);
    } finally {
      busy = false;
    }
    account.left += measured + pending() + wish <= given.bytes ? Math.max(need, wish) : need;
  };

  return {
    room: ({ expected = 0, unseen = false, afresh = false } = {}) => {
      const account: Account = { unseen, left: 0, uncounted: 0 };
      if (afresh) believedUntil = 0;
      grant(account, expected, 0);
      accounts.add(account);
      return {
        grow: (bytes) => {
          if (bytes > account.left) grant(account, bytes - account.left, STEP);
          account.left = Math.max(0, account.left - bytes);
          account.uncounted += bytes;
        },
        release: () => {
          if (accounts.delete(account) && !unseen) uncounted += account.uncounted;
        },
      };
    },
  };
}
