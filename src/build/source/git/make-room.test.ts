import { afterAll, beforeAll, expect, test } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store } from '../../../oci/store/index.ts';
import { closeFd } from '../../../sys/index.ts';
import type { SourceSession } from '../session.ts';
import { hold } from './hold.ts';
import { makeRoom } from './make-room.ts';

let place = '';
let store: Store;
let session: SourceSession;

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'mille-room-'));
  store = openStore(join(place, 'store'), { privilege: 'root' });
  session = {
    store,
    signal: new AbortController().signal,
    secrets: { values: new Map(), redact: (text) => text },
    agents: new Map(),
    now: () => 0,
    caFile: async () => undefined,
    noteGrowth: () => {},
  };
});

afterAll(() => {
  store.close();
  rmSync(place, { recursive: true });
});

/** A repository of some bytes, used at a time; checkouts with the times given. */
function repository(name: string, used: number, checkouts: readonly number[] = []): string {
  const path = join(store.paths.git, name);
  mkdirSync(join(path, 'repository'), { recursive: true });
  writeFileSync(join(path, 'repository/pack'), Buffer.alloc(1000));
  for (const time of checkouts) {
    const checkout = join(path, 'checkouts', String(time));
    mkdirSync(join(checkout, 'tree'), { recursive: true });
    writeFileSync(join(checkout, 'tree/f'), Buffer.alloc(1000));
    utimesSync(checkout, time, time);
  }
  utimesSync(path, used, used);
  return path;
}

test('the latest checkouts are kept, then what was used last, and never what is used', () => {
  const busy = repository('busy', 1);
  const old = repository('old', 2);
  const young = repository('young', 9, [10, 11, 12, 13, 14]);
  const held = hold(busy)!;
  const heldCheckout = hold(join(young, 'checkouts/10'))!;
  utimesSync(join(young, 'checkouts/10'), 10, 10);
  utimesSync(busy, 1, 1);
  // All fits: only checkouts beyond three go, but for the one in use.
  makeRoom(session, 100_000);
  const left = [10, 11, 12, 13, 14].filter((time) => existsSync(join(young, 'checkouts', String(time))));
  expect(left).toEqual([10, 12, 13, 14]);
  expect([busy, old, young].every((path) => existsSync(path))).toBe(true);
  makeRoom(session, 6_500);
  expect([busy, old, young].map((path) => existsSync(path))).toEqual([true, false, true]);
  makeRoom(session, 0);
  expect([busy, young].map((path) => existsSync(path))).toEqual([true, false]);
  closeFd(held);
  closeFd(heldCheckout);
  makeRoom(session, 0);
  expect(existsSync(busy)).toBe(false);
  expect(hold(busy)).toBeUndefined();
});
