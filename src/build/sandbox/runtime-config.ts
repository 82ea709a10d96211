// A container spec as the `config.json` of the OCI runtime spec, with the defaults of Docker: capabilities,
// masked and read-only paths, devices, private namespaces.

import { DEFAULT_HOSTNAME } from './network-files.ts';
import { deviceRules, type Privileged, processCapabilities, restrictions } from './privileges.ts';
import { cgroupResources, processLimits } from './resources.ts';
import type { ContainerSpec } from './spec.ts';
import type { PlainMount } from './views.ts';

/** What of the machine the config depends on. */
export interface Machine extends Privileged {
  /** Hard limit of open files that we have; Docker's soft default is 1024. */
  readonly openFiles: number;
  /** Of our own terminal, where there is one. */
  readonly terminalSize?: { readonly columns: number; readonly rows: number };
}

/** What `runContainer` adds to the caller's spec. */
export interface Additions {
  readonly cgroupsPath?: string;
  /** Files of the bundle, mounted before the caller's mounts. */
  readonly files: readonly { readonly source: string; readonly target: string }[];
  /** The caller's mounts, with what had to be mounted for them found under its path. */
  readonly mounts: readonly PlainMount[];
}

/** The runtime config, ready to be written as JSON. The root file system is `rootfs` in the bundle. */
export function runtimeConfig(spec: ContainerSpec, machine: Machine, additions: Additions): object {
  const size = machine.terminalSize;
  return {
    ociVersion: '1.0.2',
    root: { path: 'rootfs', readonly: spec.readonlyRoot ?? false },
    hostname: spec.hostname ?? DEFAULT_HOSTNAME,
    process: {
      terminal: spec.terminal ?? false,
      // From the first moment: the runtime follows the window only once the process runs.
      ...(spec.terminal && size ? { consoleSize: { height: size.rows, width: size.columns } } : {}),
      user: {
        uid: spec.user.uid,
        gid: spec.user.gid,
        umask: 0o022,
        additionalGids: [...new Set([spec.user.gid, ...(spec.user.additionalGids ?? [])])],
      },
      args: spec.args,
      env: spec.env,
      cwd: spec.cwd,
      capabilities: processCapabilities(spec, machine),
      rlimits: processLimits(spec.rlimits ?? [], machine.openFiles),
      noNewPrivileges: false,
    },
    mounts: [
      ...systemMounts(spec, machine),
      ...additions.files.map((file) => ({
        destination: file.target,
        type: 'bind',
        source: file.source,
        options: ['bind', 'nosuid', 'nodev', 'noexec', 'rprivate', spec.writableNetworkFiles ? 'rw' : 'ro'],
      })),
      ...additions.mounts.map(callersMount),
    ],
    linux: {
      namespaces: [
        ...['pid', 'ipc', 'uts', 'mount', 'cgroup'].map((type) => ({ type })),
        ...(spec.network === 'none' ? [{ type: 'network' }] : []),
      ],
      ...(additions.cgroupsPath === undefined ? {} : { cgroupsPath: additions.cgroupsPath }),
      ...resourcesOf(spec, machine),
      ...restrictions(spec, machine),
    },
  };
}

function resourcesOf(spec: ContainerSpec, machine: Machine): { readonly resources?: object } {
  const devices = deviceRules(spec, machine);
  const resources = { ...(devices ? { devices } : {}), ...cgroupResources(spec.resources ?? {}) };
  return Object.keys(resources).length === 0 ? {} : { resources };
}

function systemMounts(spec: ContainerSpec, machine: Machine): object[] {
  const mount = (destination: string, type: string, options: string[], source = type) => ({
    destination,
    type,
    source,
    options,
  });
  const plain = ['nosuid', 'noexec', 'nodev'];
  // A sysfs shows the devices of a network namespace, so only that namespace's owner may mount one.
  const ownSysfs = !machine.rootless || spec.network === 'none';
  const writable = spec.insecure ? [] : ['ro'];
  return [
    mount('/proc', 'proc', plain),
    mount('/dev', 'tmpfs', ['nosuid', 'strictatime', 'mode=755', 'size=65536k']),
    mount('/dev/pts', 'devpts', ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5']),
    ownSysfs
      ? mount('/sys', 'sysfs', [...plain, ...writable])
      : mount('/sys', 'bind', ['rbind', ...plain, ...writable, 'rprivate'], '/sys'),
    // Without root the runtime makes no control group; the user's own ones are nothing for the container.
    machine.rootless
      ? mount('/sys/fs/cgroup', 'tmpfs', [...plain, 'ro', 'mode=755', 'size=4k'])
      : mount('/sys/fs/cgroup', 'cgroup', [...plain, 'relatime', ...writable]),
    mount('/dev/mqueue', 'mqueue', plain),
    mount('/dev/shm', 'tmpfs', [...plain, 'mode=1777', `size=${spec.shmSize ?? 64 * 1024 * 1024}`], 'shm'),
  ];
}

function callersMount(mount: PlainMount): object {
  if (mount.type === 'bind') {
    return {
      destination: mount.target,
      type: 'bind',
      source: mount.source,
      options: ['rbind', 'rprivate', mount.readonly ? 'ro' : 'rw', ...(mount.options ?? [])],
    };
  }
  return {
    destination: mount.target,
    type: 'tmpfs',
    source: 'tmpfs',
    options: [
      ...(mount.options ?? ['nosuid', 'nodev']),
      `mode=${(mount.mode ?? 0o1777).toString(8)}`,
      ...(mount.size === undefined ? [] : [`size=${mount.size}`]),
    ],
  };
}
