import { describe, expect, test } from 'bun:test';
import { relativePath } from './chain.ts';
import { hostsFile } from './network-files.ts';
import { runtimeConfig } from './runtime-config.ts';
import { seccompProfile } from './seccomp.ts';
import type { ContainerSpec } from './spec.ts';
import type { PlainMount } from './views.ts';

const SPEC: ContainerSpec = {
  bundle: '/b',
  lowerBase: '/l',
  lowers: [],
  upper: '/u',
  work: '/w',
  args: ['true'],
  env: [],
  cwd: '/',
  user: { uid: 0, gid: 0 },
  network: 'host',
};
const MACHINE = { rootless: false, arch: 'x64', openFiles: 4096, capabilities: ['CAP_BPF'], freeLoop: 1 };

interface Config {
  readonly mounts: readonly {
    readonly destination: string;
    readonly options: readonly string[];
    readonly type: string;
  }[];
  readonly linux: {
    readonly namespaces: readonly { readonly type: string }[];
    readonly resources?: unknown;
    readonly cgroupsPath?: string;
    readonly seccomp?: { readonly syscalls: readonly { readonly names: readonly string[] }[] };
    readonly maskedPaths?: readonly string[];
    readonly devices?: readonly { readonly path: string }[];
  };
  readonly process: {
    readonly rlimits: readonly unknown[];
    readonly user: object;
    readonly capabilities: { readonly effective: readonly string[]; readonly inheritable: readonly string[] };
  };
}

const config = (spec: Partial<ContainerSpec> = {}, machine: Partial<typeof MACHINE> = {}) =>
  runtimeConfig(
    { ...SPEC, ...spec },
    { ...MACHINE, ...machine },
    { files: [], mounts: (spec.mounts ?? []) as PlainMount[] },
  ) as Config;

describe('the runtime config', () => {
  test('devices are closed by the control group for root; in a user namespace the kernel does it', () => {
    expect(config().linux.resources).toEqual({ devices: [{ allow: false, access: 'rwm' }] });
    expect(config({}, { rootless: true }).linux.resources).toBeUndefined();
  });

  test('an insecure container has what we have, for any user, and nothing is forbidden to it', () => {
    const insecure = config({ insecure: true, user: { uid: 1000, gid: 1000 } });
    const all = MACHINE.capabilities;
    expect<object>(insecure.process.capabilities).toEqual({
      ...{ bounding: all, effective: all, permitted: all, inheritable: all, ambient: all },
    });
    expect(insecure.linux.resources).toEqual({ devices: [{ allow: true, access: 'rwm' }] });
    expect(insecure.linux).not.toHaveProperty('seccomp');
    expect(insecure.linux).not.toHaveProperty('maskedPaths');
    expect(insecure.linux).not.toHaveProperty('readonlyPaths');
    expect(insecure.linux.devices?.map(({ path }) => path)).toContain('/dev/fuse');
    expect(insecure.linux.devices?.at(-1)?.path).toBe('/dev/loop8');
    for (const { destination, options } of insecure.mounts)
      if (destination.startsWith('/sys')) expect(options).not.toContain('ro');
    // In a user namespace no device can be made.
    expect(config({ insecure: true }, { rootless: true }).linux).not.toHaveProperty('devices');
  });

  test('a capability that was added opens what it is for', () => {
    const denied = (capabilities: readonly string[]) =>
      config({ capabilities }).linux.seccomp?.syscalls.flatMap(({ names }) => names) ?? [];
    expect(denied([])).toContain('mount');
    expect(denied([])).toContain('clone');
    expect(denied(['CAP_SYS_ADMIN'])).not.toContain('mount');
    expect(denied(['CAP_SYS_ADMIN'])).not.toContain('clone');
    expect(denied(['CAP_SYS_ADMIN'])).toContain('kexec_load');
    expect(denied(['CAP_SYS_TIME'])).not.toContain('clock_settime');
  });

  test('without a network of its own, a user namespace cannot mount a sysfs', () => {
    const sys = (machine: object, network: 'host' | 'none') =>
      config({ network }, machine).mounts.find((mount) => mount.destination === '/sys')?.type;
    expect(sys({}, 'host')).toBe('sysfs');
    expect(sys({ rootless: true }, 'none')).toBe('sysfs');
    expect(sys({ rootless: true }, 'host')).toBe('bind');
  });

  test("the caller's mounts come last, in their order, and none may propagate", () => {
    const { mounts } = config({
      mounts: [
        { type: 'bind', source: '/s', target: '/a', readonly: true },
        { type: 'tmpfs', target: '/a/b', size: 5, mode: 0o755 },
      ],
    });
    expect(mounts.slice(-2).map((mount) => mount.destination)).toEqual(['/a', '/a/b']);
    expect(mounts.at(-2)?.options).toEqual(['rbind', 'rprivate', 'ro']);
    expect(mounts.at(-1)?.options).toEqual(['nosuid', 'nodev', 'mode=755', 'size=5']);
  });

  test("the number of open files is Docker's, where we have that many", () => {
    expect(config().process.rlimits).toEqual([{ type: 'RLIMIT_NOFILE', soft: 1024, hard: 4096 }]);
    expect(config({}, { openFiles: 100 }).process.rlimits).toEqual([
      { type: 'RLIMIT_NOFILE', soft: 100, hard: 100 },
    ]);
  });

  test('the group of the process is one of its groups, once', () => {
    expect(config({ user: { uid: 1, gid: 2, additionalGids: [3, 2] } }).process).toMatchObject({
      user: { uid: 1, gid: 2, additionalGids: [2, 3] },
      capabilities: { effective: [], inheritable: [] },
    });
  });
});

test('a processor that is not known gets no filter rather than a wrong one', () => {
  expect(seccompProfile('riscv64')).toBeUndefined();
  expect(JSON.stringify(seccompProfile('arm64'))).toContain('AARCH64');
  const { syscalls } = seccompProfile('x64') as {
    syscalls: { names: string[]; args?: { value: number }[] }[];
  };
  const flags = syscalls
    .filter((rule) => rule.names[0] === 'clone')
    .map((rule) => rule.args?.[0]?.value ?? 0);
  expect(flags.reduce((sum, flag) => sum + flag, 0)).toBe(0x7e020000);
});

test("hosts: our own or the host's, with the additions after it", () => {
  const extraHosts = [{ name: 'db', address: '::5' }];
  expect(hostsFile({ ...SPEC, extraHosts }, '1.1.1.1 x')).toEndWith('ip6-loopback\n::5\tdb\n');
  expect(hostsFile({ ...SPEC, inheritHosts: true, extraHosts }, '1.1.1.1 x')).toBe('1.1.1.1 x\n::5\tdb\n');
});

test('paths relative to a directory', () => {
  const cases: [string, string, string][] = [
    ['/a/b', '/a/b', '.'],
    ['/a/b', '/a/c/d', '../c/d'],
    ['/a/b', '/', '../..'],
    ['/', '/x', 'x'],
    ['/a/b', '/a/bc', '../bc'],
  ];
  for (const [from, to, expected] of cases) expect(relativePath(from, to)).toBe(expected);
});
