// System calls a container may not make although its capabilities would not stop it, or would stop it only in
// some kernels. It is a short deny list and not Docker's long allow list: it blocks what Docker's profile blocks
// with Docker's default capabilities and lets everything else through. A capability that the caller added opens what it
// is for, as in Docker's profile.

const DENIED = [
  ...['acct', 'add_key', 'bpf', 'clock_adjtime', 'clock_adjtime64', 'clock_settime', 'clock_settime64'],
  ...[
    'create_module',
    'delete_module',
    'fanotify_init',
    'finit_module',
    'fsconfig',
    'fsmount',
    'fsopen',
    'fspick',
  ],
  ...[
    'get_kernel_syms',
    'get_mempolicy',
    'init_module',
    'io_uring_enter',
    'io_uring_register',
    'io_uring_setup',
  ],
  ...[
    'ioperm',
    'iopl',
    'kcmp',
    'kexec_file_load',
    'kexec_load',
    'keyctl',
    'lookup_dcookie',
    'mbind',
    'mount',
  ],
  ...['mount_setattr', 'move_mount', 'move_pages', 'nfsservctl', 'open_by_handle_at', 'open_tree'],
  ...['perf_event_open', 'pivot_root', 'query_module', 'quotactl', 'quotactl_fd', 'reboot', 'request_key'],
  ...['set_mempolicy', 'setns', 'settimeofday', 'stime', 'swapoff', 'swapon', 'sysfs', '_sysctl', 'syslog'],
  ...['umount', 'umount2', 'unshare', 'uselib', 'userfaultfd', 'ustat', 'vhangup', 'vm86', 'vm86old'],
];

/** What of `DENIED` a capability opens. */
const OPENED: Readonly<Record<string, readonly string[]>> = {
  CAP_SYS_ADMIN: [
    ...['bpf', 'fanotify_init', 'fsconfig', 'fsmount', 'fsopen', 'fspick', 'lookup_dcookie', 'mount'],
    ...['mount_setattr', 'move_mount', 'open_tree', 'perf_event_open', 'quotactl', 'quotactl_fd', 'setns'],
    ...['syslog', 'umount', 'umount2', 'unshare'],
  ],
  CAP_BPF: ['bpf'],
  CAP_DAC_READ_SEARCH: ['open_by_handle_at'],
  CAP_PERFMON: ['perf_event_open'],
  CAP_SYSLOG: ['syslog'],
  CAP_SYS_BOOT: ['reboot'],
  CAP_SYS_MODULE: ['delete_module', 'finit_module', 'init_module'],
  CAP_SYS_NICE: ['get_mempolicy', 'mbind', 'set_mempolicy'],
  CAP_SYS_PACCT: ['acct'],
  CAP_SYS_PTRACE: ['kcmp'],
  CAP_SYS_RAWIO: ['ioperm', 'iopl'],
  CAP_SYS_TIME: [
    ...['clock_adjtime', 'clock_adjtime64', 'clock_settime', 'clock_settime64', 'settimeofday', 'stime'],
  ],
  CAP_SYS_TTY_CONFIG: ['vhangup'],
};

// CLONE_NEWNS | NEWCGROUP | NEWUTS | NEWIPC | NEWUSER | NEWPID | NEWNET
const NAMESPACE_FLAGS = 0x7e020000;
const EPERM = 1;
const ENOSYS = 38;

/**
 * The `linux.seccomp` part of a runtime config for a processor named as Node names it, and a container that can gain
 * these capabilities.
 */
export function seccompProfile(arch: string, capabilities: readonly string[] = []): object | undefined {
  const architectures =
    arch === 'x64'
      ? ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32']
      : arch === 'arm64'
        ? ['SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM']
        : undefined;
  if (!architectures) return undefined;
  const opened = new Set(capabilities.flatMap((name) => OPENED[name] ?? []));
  const denied = DENIED.filter((name) => !opened.has(name));
  return {
    defaultAction: 'SCMP_ACT_ALLOW',
    architectures,
    syscalls: [
      { names: denied, action: 'SCMP_ACT_ERRNO', errnoRet: EPERM },
      ...(capabilities.includes('CAP_SYS_ADMIN') ? [] : withoutNamespaces()),
    ],
  };
}

function withoutNamespaces(): object[] {
  return [
    // The flags of clone3 lie in memory, where a filter cannot look: callers fall back to clone.
    { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: ENOSYS },
    ...namespaceFlags().map((flag) => ({
      names: ['clone'],
      action: 'SCMP_ACT_ERRNO',
      errnoRet: EPERM,
      args: [{ index: 0, value: flag, valueTwo: flag, op: 'SCMP_CMP_MASKED_EQ' }],
    })),
  ];
}

function namespaceFlags(): number[] {
  return Array.from({ length: 31 }, (_, bit) => 2 ** bit).filter((flag) => NAMESPACE_FLAGS & flag);
}
