import { describe, expect, test } from 'bun:test';
import { MilleError } from '../../core/index.ts';
import { parseEntitlements } from './entitlements.ts';
import { parseHosts } from './extra-hosts.ts';
import { LIMIT_FLAGS, parseLimits, type RUN_LIMIT_FLAGS } from './limits.ts';

type Given = Partial<Record<keyof typeof RUN_LIMIT_FLAGS, string>> & { readonly ulimit?: never };

const NONE = Object.fromEntries(Object.keys(LIMIT_FLAGS).map((name) => [name, undefined]));
const limits = (given: Given, ulimit: readonly string[] = []) =>
  parseLimits({ ...NONE, ...given, ulimit } as unknown as Parameters<typeof parseLimits>[0]);

function hintOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof MilleError && error.code === 'usage') return `${error.message}; ${error.hint}`;
    throw error;
  }
  return undefined;
}

describe('resources', () => {
  const MIB = 1024 * 1024;
  const good: [Given, object][] = [
    [{}, {}],
    [{ memory: '0' }, {}],
    [{ memory: '512m' }, { memory: 512 * MIB }],
    [
      { memory: '1g', 'memory-swap': '-1' },
      { memory: 1024 * MIB, memorySwap: -1 },
    ],
    [
      { memory: '1g', 'memory-swap': '2g' },
      { memory: 1024 * MIB, memorySwap: 2048 * MIB },
    ],
    // Without a limit of memory there is none to be exceeded.
    [{ 'memory-swap': '-1' }, {}],
    [
      { memory: '64m', 'memory-reservation': '32m' },
      { memory: 64 * MIB, memoryReservation: 32 * MIB },
    ],
    [{ 'cpu-shares': '512' }, { cpuShares: 512 }],
    [
      { 'cpu-period': '50000', 'cpu-quota': '25000' },
      { cpuPeriod: 50_000, cpuQuota: 25_000 },
    ],
    [{ 'cpu-quota': '-1' }, { cpuQuota: -1 }],
    [{ cpus: '1.5' }, { cpuPeriod: 100_000, cpuQuota: 150_000 }],
    [{ cpus: '.5' }, { cpuPeriod: 100_000, cpuQuota: 50_000 }],
    [{ cpus: '0' }, {}],
    [
      { 'cpuset-cpus': '0-3,5', 'cpuset-mems': '0' },
      { cpusetCpus: '0-3,5', cpusetMems: '0' },
    ],
    [{ 'pids-limit': '100' }, { pids: 100 }],
    [{ 'pids-limit': '-5' }, { pids: -1 }],
  ];
  test.each(good)('%j', (given, expected) => expect(limits(given).resources ?? {}).toEqual(expected));

  test.each([
    [{ memory: '1m' }, "--memory can't be '1m'; it is 6m at least"],
    [{ memory: '-1' }, "--memory can't be '-1'; it is a number of bytes"],
    [{ 'memory-swap': '1g' }, '--memory'],
    [{ memory: '2g', 'memory-swap': '1g' }, 'not less'],
    [{ memory: '32m', 'memory-reservation': '64m' }, 'not more than --memory'],
    [{ 'cpu-period': '10' }, 'between 1000 and 1000000'],
    [{ 'cpu-quota': '10' }, 'it is 1000 at least'],
    [{ 'cpu-quota': '1.5' }, 'it is a whole number'],
    [{ 'cpu-shares': '-2' }, 'it is a positive number'],
    [{ cpus: '2x' }, 'it is a number such as 1.5'],
    [{ cpus: '0.001' }, '0.01 at least'],
    [{ cpus: '1', 'cpu-quota': '5000' }, 'give either'],
    [{ 'cpuset-cpus': '0-' }, 'it is a list such as 0-3 or 0,1'],
  ] as [Given, string][])('%j is wrong', (given, hint) =>
    expect(hintOf(() => limits(given))).toContain(hint),
  );
});

test('the parent group is a path', () => {
  expect(limits({ 'cgroup-parent': 'a/b/' }).cgroupParent).toBe('/a/b');
  expect(limits({ 'cgroup-parent': '' }).cgroupParent).toBeUndefined();
  for (const path of ['/', '..', '/a/../..', 'a b', 'system.slice:docker:x'])
    expect(hintOf(() => limits({ 'cgroup-parent': path }))).toContain('--cgroup-parent');
});

test('/dev/shm', () => {
  expect(limits({ 'shm-size': '128m' }).shmSize).toBe(134_217_728);
  expect(limits({ 'shm-size': '0' }).shmSize).toBeUndefined();
});

describe('--ulimit', () => {
  const good: [string[], NonNullable<ReturnType<typeof limits>['rlimits']>[number][]][] = [
    [['nofile=5'], [{ name: 'nofile', soft: 5, hard: 5 }]],
    [['nofile=5:9'], [{ name: 'nofile', soft: 5, hard: 9 }]],
    [['core=-1'], [{ name: 'core', soft: -1, hard: -1 }]],
    [['core=0:-1'], [{ name: 'core', soft: 0, hard: -1 }]],
    [
      ['nproc=1', 'core=2', 'nproc=3'],
      [
        { name: 'core', soft: 2, hard: 2 },
        { name: 'nproc', soft: 3, hard: 3 },
      ],
    ],
  ];
  test.each(good)('%j', (given, expected) => expect(limits({}, given).rlimits).toEqual(expected));

  test.each([
    ['nofil=1', 'did you mean nofile?'],
    ['memory=1', 'the names are core, cpu'],
    ['nofile', 'write nofile=SOFT'],
    ['nofile=', 'write nofile=SOFT'],
    ['nofile=1:2:3', 'write nofile=SOFT'],
    ['nofile=-2', 'write nofile=SOFT'],
    ['nofile=9:5', 'not above the hard one'],
    ['nofile=-1:5', 'not above the hard one'],
  ])('%s is wrong', (given, hint) => expect(hintOf(() => limits({}, [given]))).toContain(hint));
});

describe('--add-host', () => {
  const good: [string, [string, string][]][] = [
    ['db:10.0.0.5', [['db', '10.0.0.5']]],
    ['DB=10.0.0.5', [['db', '10.0.0.5']]],
    ['db:::1', [['db', '::1']]],
    ['db:[::1]', [['db', '::1']]],
    ['db=[2001:db8::1]', [['db', '2001:db8::1']]],
    ['db:::ffff:1.2.3.4', [['db', '::ffff:1.2.3.4']]],
    ['db=[10.0.0.5]', [['db', '10.0.0.5']]],
    ['db:host-gateway', [['db', 'host-gateway']]],
    [
      'a:1.1.1.1,b:1.1.1.2',
      [
        ['a', '1.1.1.1'],
        ['b', '1.1.1.2'],
      ],
    ],
    [
      '"a:1.1.1.1,1.1.1.2"',
      [
        ['a', '1.1.1.1'],
        ['a', '1.1.1.2'],
      ],
    ],
    ['', []],
  ];
  test.each(good)('%s', (given, expected) =>
    expect(parseHosts([given]).map(({ name, address }) => [name, address] as [string, string])).toEqual(
      expected,
    ),
  );

  test.each([
    ...['db', 'db:', ':1.2.3.4', 'db:1.2.3', 'db:1.2.3.999', 'db:01.2.3.4', 'db=fe80::1%eth0', 'db:x'],
    ...[
      'a b:1.2.3.4',
      'a\n6.6.6.6 b:1.2.3.4',
      '#:1.2.3.4',
      'db:::g',
      'db:1.2.3.4\n',
      'x=y=1.2.3.4',
      'db::::',
    ],
  ])('%j is wrong', (given) => expect(hintOf(() => parseHosts([given]))).toContain('write NAME:ADDRESS'));
});

test('--allow', () => {
  expect(parseEntitlements(['network.host', 'security.insecure'])).toEqual([
    'network.host',
    'security.insecure',
  ]);
  expect(hintOf(() => parseEntitlements(['network.hosts']))).toContain('did you mean network.host?');
  expect(hintOf(() => parseEntitlements(['x']))).toContain('it is one of: network.host, security.insecure');
  for (const given of ['device', 'device=vendor.com/gpu=all'])
    expect(hintOf(() => parseEntitlements([given]))).toContain('mille knows no CDI devices');
});
