// What a container may do, as parts of the runtime's config: with Docker's usual restrictions, or with none of them.

import { DEFAULT_CAPABILITIES } from './capabilities.ts';
import { insecureDevices } from './devices.ts';
import { seccompProfile } from './seccomp.ts';
import type { ContainerSpec } from './spec.ts';

/** What of the machine privileges depend on. */
export interface Privileged {
  readonly rootless: boolean;
  readonly arch: string;
  /** The capabilities that we have ourselves. */
  readonly capabilities: readonly string[];
  /** The number of the first loop device that is free. */
  readonly freeLoop: number;
}

const MASKED = [
  ...[
    'asound',
    'acpi',
    'interrupts',
    'kcore',
    'keys',
    'latency_stats',
    'timer_list',
    'timer_stats',
    'sched_debug',
  ].map((name) => `/proc/${name}`),
  ...['/proc/scsi', '/sys/firmware', '/sys/devices/virtual/powercap'],
];

const READONLY = ['bus', 'fs', 'irq', 'sys', 'sysrq-trigger'].map((name) => `/proc/${name}`);

/** `process.capabilities`. */
export function processCapabilities(spec: ContainerSpec, machine: Privileged): object {
  // As BuildKit has it: also for a user who is not root, and inherited by every program.
  if (spec.insecure) {
    const all = machine.capabilities;
    return { bounding: all, effective: all, permitted: all, inheritable: all, ambient: all };
  }
  const bounding = spec.capabilities ?? DEFAULT_CAPABILITIES;
  // A process that is not root has none, whatever it may regain through a setuid program.
  const own = spec.user.uid === 0 ? bounding : [];
  return { bounding, effective: own, permitted: own, inheritable: [], ambient: [] };
}

/** Rules for devices, for `linux.resources`; undefined where the kernel does it, in a user namespace. */
export function deviceRules(spec: ContainerSpec, machine: Privileged): object[] | undefined {
  if (machine.rootless) return undefined;
  // The runtime adds the usual harmless devices to "none at all"; without it CAP_MKNOD would open every disk.
  return [{ allow: spec.insecure ?? false, access: 'rwm' }];
}

/** What of `linux` restricts a container, or gives it more. */
export function restrictions(spec: ContainerSpec, machine: Privileged): object {
  if (spec.insecure) return machine.rootless ? {} : { devices: insecureDevices(machine.freeLoop) };
  const { capabilities = DEFAULT_CAPABILITIES } = spec;
  return {
    maskedPaths: MASKED,
    readonlyPaths: READONLY,
    seccomp: seccompProfile(machine.arch, capabilities),
  };
}
