import { beforeEach, describe, expect, test } from 'bun:test';
import { openDatabase } from '../../sys/index.ts';
import { type Budget, createBudget, type StoreLimit } from './budget.ts';

const MIB = 1 << 20;
const db = openDatabase(':memory:');
/** What is on the disk, and what of it can go. */
let disk = 0;
let removable = 0;
let measurements = 0;
let given: StoreLimit | undefined;
let budget: Budget;

beforeEach(() => {
  disk = 0;
  removable = 0;
  measurements = 0;
  given = {
    bytes: 100 * MIB,
    measure: () => {
      measurements++;
      return disk;
    },
    makeRoom: (bytes) => {
      const goes = Math.min(removable, Math.max(0, disk - bytes));
      removable -= goes;
      disk -= goes;
      return disk;
    },
    refuse: (wanted) => new Error(`no room for ${wanted}`),
  };
  budget = createBudget(db, () => given);
});

/** Writes as a blob is written. */
function write(bytes: number, room = budget.room()): void {
  for (let left = bytes; left > 0; left -= MIB) {
    room.grow(Math.min(left, MIB));
    disk += Math.min(left, MIB);
  }
  room.release();
}

test('without a limit there is always room, and nothing is measured', () => {
  given = undefined;
  write(1000 * MIB);
  expect(measurements).toBe(0);
});

describe('with a limit', () => {
  test('what fits is written, with few measurements', () => {
    write(60 * MIB);
    write(30 * MIB);
    expect(disk).toBe(90 * MIB);
    expect(measurements).toBeLessThan(4);
  });
  test('what does not fit makes room first, and no more than it needs', () => {
    disk = 90 * MIB;
    removable = 50 * MIB;
    write(40 * MIB, budget.room({ expected: 40 * MIB }));
    expect([disk, removable]).toEqual([100 * MIB, 20 * MIB]);
  });
  test('what cannot fit is refused before it is written', () => {
    disk = 90 * MIB;
    removable = 5 * MIB;
    expect(() => budget.room({ expected: 40 * MIB })).toThrow(`no room for ${40 * MIB}`);
    expect(() => write(40 * MIB)).toThrow('no room');
    expect(disk).toBeLessThanOrEqual(100 * MIB);
  });
  test('what one writes counts once, measured or not', () => {
    const room = budget.room();
    for (let i = 0; i < 90; i++) {
      room.grow(MIB);
      disk += MIB;
      // Somebody else asks, which may measure.
      if (i % 10 === 0) budget.room({ expected: MIB }).release();
    }
    expect(() => budget.room({ expected: 20 * MIB })).toThrow('no room');
    room.release();
    expect(() => budget.room({ expected: 5 * MIB })).not.toThrow();
  });
  test('what others write is noticed before anything is refused or overrun', () => {
    write(10 * MIB);
    disk += 85 * MIB;
    Bun.sleepSync(300);
    expect(() => write(30 * MIB)).toThrow('no room');
    expect(disk).toBeLessThanOrEqual(100 * MIB);
    disk = 0;
    write(90 * MIB);
  });
  test('what measuring does not see counts as long as it is held', () => {
    const hidden = budget.room({ unseen: true });
    hidden.grow(50 * MIB);
    expect(() => budget.room({ expected: 60 * MIB })).toThrow('no room');
    hidden.release();
    expect(() => budget.room({ expected: 60 * MIB })).not.toThrow();
  });
  test('inside a transaction, and while room is made, nobody is asked', () => {
    disk = 100 * MIB;
    db.transaction(() => budget.room({ expected: MIB }));
    const makeRoom = given!.makeRoom;
    given = {
      ...given!,
      makeRoom: (bytes) => {
        budget.room({ expected: MIB }).release();
        return makeRoom(bytes);
      },
    };
    expect(() => budget.room({ expected: MIB })).toThrow('no room');
  });
});
