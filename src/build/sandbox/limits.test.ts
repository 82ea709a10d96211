import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { capabilitiesIn } from './capabilities.ts';
import { closedControllers, delegatedGroup, findHierarchy } from './hierarchy.ts';
import { numbersIn, prepareLimits } from './limits.ts';
import { cgroupResources, processLimits } from './resources.ts';
import { hardLimit } from './rlimits.ts';

test('lists of processors', () => {
  expect(numbersIn('0-3,5\n')).toEqual([0, 1, 2, 3, 5]);
  expect(numbersIn('7')).toEqual([7]);
  expect(numbersIn('3-1')).toEqual([]);
  expect(numbersIn('0-99999999999').length).toBeLessThan(20_000);
});

test('limits of this process', () => {
  const text = `Limit                     Soft Limit           Hard Limit           Units
Max cpu time              unlimited            unlimited            seconds
Max open files            1024                 20000                files
Max nice priority         0                    0
`;
  expect(hardLimit(text, 'nofile')).toBe(20_000);
  expect(hardLimit(text, 'cpu')).toBe(-1);
  expect(hardLimit(text, 'nice')).toBe(0);
  expect(hardLimit(text, 'stack')).toBeUndefined();
});

test('a limit that this machine cannot keep is refused', () => {
  expect(() => prepareLimits({ rlimits: [{ name: 'nofile', soft: 1, hard: -1 }] })).toThrow('nofile');
  expect(() => prepareLimits({ resources: { cpusetCpus: '16383' } })).toThrow();
  prepareLimits({ rlimits: [{ name: 'nofile', soft: 1, hard: 2 }] });
});

test('capabilities of a process', () => {
  expect(capabilitiesIn('CapEff:\t0000000000000000\n')).toEqual([]);
  expect(capabilitiesIn('CapPrm:\t1\nCapEff:\t00000000a80425fb\nCapBnd:\t0\n')).toHaveLength(14);
  const all = capabilitiesIn('CapEff:\t000001ffffffffff\n');
  expect(all).toHaveLength(41);
  expect(all.at(24)).toBe('CAP_SYS_RESOURCE');
  expect(all.at(40)).toBe('CAP_CHECKPOINT_RESTORE');
});

test('rlimits in the config: no limit is all 64 bits, open files have the usual limit', () => {
  const json = (limits: Parameters<typeof processLimits>[0]) => JSON.stringify(processLimits(limits, 4096));
  expect(json([{ name: 'core', soft: 0, hard: -1 }])).toBe(
    '[{"type":"RLIMIT_NOFILE","soft":1024,"hard":4096},{"type":"RLIMIT_CORE","soft":0,"hard":18446744073709551615}]',
  );
  expect(json([{ name: 'nofile', soft: 1, hard: 2 }])).toBe('[{"type":"RLIMIT_NOFILE","soft":1,"hard":2}]');
});

test('resources in the config: only what was given', () => {
  expect(cgroupResources({})).toEqual({});
  expect(cgroupResources({ memory: 5, memorySwap: -1, cpusetCpus: '0', pids: 7 })).toEqual({
    memory: { limit: 5, swap: -1 },
    cpu: { cpus: '0' },
    pids: { limit: 7 },
  });
});

describe('the hierarchy of control groups', () => {
  let mount = '';
  beforeAll(() => {
    mount = mkdtempSync(`${tmpdir()}/mille-hierarchy-`);
  });
  afterAll(() => rmSync(mount, { recursive: true }));

  const group = (path: string, files: Readonly<Record<string, string>>) => {
    mkdirSync(`${mount}/${path}`, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(`${mount}/${path}/${name}`, text);
  };

  test('version 1: a directory for each controller, or for two', () => {
    group('v1/cpu,cpuacct', { 'cgroup.procs': '' });
    group('v1/memory', { 'cgroup.procs': '' });
    group('v1/other', {});
    expect(findHierarchy(`${mount}/v1`)).toEqual({
      version: 1,
      roots: [`${mount}/v1/cpu,cpuacct`, `${mount}/v1/memory`],
      controllers: new Set(['cpu', 'cpuacct', 'memory']),
    });
    expect(findHierarchy(`${mount}/nothing`).roots).toEqual([]);
  });

  test('version 2: inside of a container whose processes are in the way', () => {
    group('v2c', {
      'cgroup.controllers': 'cpu memory\n',
      'cgroup.procs': '1\n',
      'cgroup.subtree_control': 'cpu\n',
    });
    expect(closedControllers(findHierarchy(`${mount}/v2c`), ['cpu', 'memory'])).toEqual([]);
    group('v2c', { 'cgroup.type': 'domain\n' });
    expect(closedControllers(findHierarchy(`${mount}/v2c`), ['cpu', 'memory'])).toEqual(['memory']);
    group('v2c', { 'cgroup.procs': '' });
    expect(closedControllers(findHierarchy(`${mount}/v2c`), ['memory'])).toEqual([]);
  });

  test('version 2: what systemd delegates to a user', () => {
    group('v2', { 'cgroup.controllers': 'cpu memory pids\n', 'cgroup.procs': '' });
    group('v2/user/app', { 'cgroup.procs': '', 'cgroup.controllers': 'memory pids\n' });
    const hierarchy = findHierarchy(`${mount}/v2`);
    expect(hierarchy).toEqual({
      version: 2,
      roots: [`${mount}/v2`],
      controllers: new Set(['cpu', 'memory', 'pids']),
    });
    const delegated = (own: string, ...controllers: string[]) => delegatedGroup(hierarchy, own, controllers);
    // The files of this test are root's, as a user's are for root of a user namespace.
    const ours = process.getuid?.() === 0;
    expect(delegated('0::/user/app/x.scope\n', 'memory')).toBe(ours ? '/user/app' : undefined);
    expect(delegated('0::/user/app/x.scope\n', 'memory', 'cpu')).toBeUndefined();
    expect(delegated('0::/gone/x.scope\n')).toBeUndefined();
    expect(delegated('9:memory:/user/app/x\n', 'memory')).toBeUndefined();
    expect(delegatedGroup({ ...hierarchy, version: 1 }, '0::/user/app/x\n', [])).toBeUndefined();
  });
});
