import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../../sys/index.ts';
import { type Claims, createClaims } from './claims.ts';
import { storePaths } from './layout.ts';

let root = '';
let one: Claims;
let other: Claims;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mille-claims-'));
  one = createClaims(storePaths(root));
  other = createClaims(storePaths(root));
});
afterEach(() => {
  one.close();
  other.close();
  rmSync(root, { recursive: true });
});

const thing = sha256('thing');
const taken = (claims: Claims) => claims.removing((take) => take(thing));

test('what is claimed during work is nobody else’s to remove until the work ends', () => {
  one.claim(thing);
  expect(taken(other)).toBe(true);
  const [outer, inner] = [one.work(), one.work()];
  one.claim(thing);
  one.claim(thing);
  expect(taken(other)).toBe(false);
  expect(taken(one)).toBe(false);
  expect(other.isClaimed(thing)).toBe(true);
  expect(one.isClaimed(thing)).toBe(true);
  expect(one.isClaimed(sha256('another'))).toBe(false);
  expect(one.isClaimed(`unpacked:${thing}`)).toBe(false);
  outer.release();
  outer.release();
  expect(taken(other)).toBe(false);
  inner.release();
  expect(taken(other)).toBe(true);
  expect(one.isClaimed(thing)).toBe(false);
});

test('what is held stays until all holders let go, work or not', () => {
  const work = one.work();
  const first = one.hold(thing);
  one.claim(thing);
  const second = one.hold(thing);
  first.release();
  first.release();
  work.release();
  expect(taken(other)).toBe(false);
  second.release();
  expect(taken(other)).toBe(true);
});

test('what was taken is free again afterwards, also when removing fails', () => {
  expect(() =>
    one.removing((take) => {
      expect(take(thing)).toBe(true);
      expect(taken(other)).toBe(false);
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(taken(other)).toBe(true);
});
