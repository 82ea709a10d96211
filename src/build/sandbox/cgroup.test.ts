import { describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { ownProcessId, processNamespace } from '../../sys/index.ts';
import { newCgroup, removeCgroup, removeDeadCgroups } from './cgroup.ts';

const parent = (existsSync('/sys/fs/cgroup') ? readdirSync('/sys/fs/cgroup') : [])
  .map((name) => `/sys/fs/cgroup/${name}`)
  .concat('/sys/fs/cgroup')
  .find((path) => existsSync(`${path}/cgroup.procs`));
const ready = process.getuid?.() === 0 && parent !== undefined;

describe.skipIf(!ready)('control groups', () => {
  test('of the dead go, of the living stay', () => {
    mkdirSync(`${parent}/mille`, { recursive: true });
    const living = newCgroup();
    const dead = `/mille/mille-${processNamespace()}-${ownProcessId()}-1-1`;
    const elsewhere = `/mille/mille-1-${ownProcessId()}-1-1`;
    for (const path of [living, dead, elsewhere]) mkdirSync(`${parent}${path}`);
    removeDeadCgroups();
    expect(existsSync(`${parent}${living}`)).toBe(true);
    expect(existsSync(`${parent}${dead}`)).toBe(false);
    // Made in another process namespace, whose processes we cannot tell dead or alive.
    expect(existsSync(`${parent}${elsewhere}`)).toBe(true);
    rmdirSync(`${parent}${elsewhere}`);
    expect(removeCgroup(living)).toBe(true);
    expect(existsSync(`${parent}${living}`)).toBe(false);
    expect(removeCgroup(living)).toBe(true);
  });
});
