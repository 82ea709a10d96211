// Whether this machine can keep the limits of a container. One that it cannot keep is refused before anything runs:
// nobody should find out from a machine that has no memory left.

import { MilleError } from '../../core/index.ts';
import { privilege } from '../../sys/index.ts';
import { newCgroup, removeDeadCgroups } from './cgroup.ts';
import type { Runtime } from './chain.ts';
import { closedControllers, delegatedGroup, findHierarchy, type Hierarchy } from './hierarchy.ts';
import { hostFile } from './host-file.ts';
import { checkRlimit } from './rlimits.ts';
import type { SandboxLimits, SandboxResources } from './spec.ts';

/**
 * Checks limits against this machine and its user, and clears the parent group of what dead builds left.
 * @throws MilleError `usage` for a limit that cannot be kept
 */
export function prepareLimits({ rlimits = [], resources = {}, cgroupParent }: SandboxLimits): void {
  for (const limit of rlimits) checkRlimit(limit);
  const controllers = controllersFor(resources);
  if (controllers.length === 0 && cgroupParent === undefined) return;
  const hierarchy = findHierarchy();
  if (hierarchy.roots.length === 0) throw noGroups();
  for (const name of controllers) if (!hierarchy.controllers.has(name)) throw noController(name);
  checkProcessors(resources);
  if ((resources.memorySwap ?? -1) >= 0 && !limitsSwap(hierarchy)) {
    throw new MilleError('usage', 'the kernel of this machine does not limit swap', {
      hint: 'leave out --memory-swap',
    });
  }
  if (privilege() === 'rootless') {
    removeDeadCgroups(delegatedParent(hierarchy, { controllers, cgroupParent }));
    return;
  }
  const [closed] = closedControllers(hierarchy, controllers);
  if (closed !== undefined) throw insideContainer(closed);
  removeDeadCgroups(cgroupParent);
}

/** The path of a new control group for a container, as the runtime is told; undefined where it gets none. */
export function cgroupFor(runtime: Runtime, limits: SandboxLimits): string | undefined {
  const { resources = {}, cgroupParent } = limits;
  if (!runtime.rootless) return newCgroup(cgroupParent);
  const controllers = controllersFor(resources);
  if (controllers.length === 0 && cgroupParent === undefined) return undefined;
  return newCgroup(delegatedParent(findHierarchy(), { controllers, cgroupParent }));
}

/** Resources with what follows from them: Docker gives as much swap as memory, where the kernel can tell. */
export function completeResources(resources: SandboxResources): SandboxResources {
  const { memory, memorySwap } = resources;
  if (memory === undefined || memorySwap !== undefined || !limitsSwap(findHierarchy())) return resources;
  return { ...resources, memorySwap: 2 * memory };
}

function controllersFor(resources: SandboxResources): string[] {
  const { memory, memorySwap, memoryReservation, cpuShares, cpuQuota, cpuPeriod } = resources;
  const needs: [name: string, limits: readonly unknown[]][] = [
    ['memory', [memory, memorySwap, memoryReservation]],
    ['cpu', [cpuShares, cpuQuota, cpuPeriod]],
    ['cpuset', [resources.cpusetCpus, resources.cpusetMems]],
    ['pids', [resources.pids]],
  ];
  return needs.filter(([, limits]) => limits.some((limit) => limit !== undefined)).map(([name]) => name);
}

function delegatedParent(
  hierarchy: Hierarchy,
  wanted: { readonly controllers: readonly string[]; readonly cgroupParent: string | undefined },
): string {
  const { controllers, cgroupParent } = wanted;
  const own = cgroupParent === undefined ? hostFile('/proc/self/cgroup') : `0::${cgroupParent}/self`;
  const found = delegatedGroup(hierarchy, own, controllers);
  if (found !== undefined) return found;
  const what = controllers.length === 0 ? '' : ` with ${controllers.join(', ')}`;
  throw new MilleError('usage', `without root, no control group${what} is yours to give to a container`, {
    hint: 'start it as a unit of your systemd: systemd-run --user --scope mille …; or run mille as root; or leave the limit out',
  });
}

function checkProcessors({ cpusetCpus, cpusetMems }: SandboxResources): void {
  const checks = [
    ['processors', cpusetCpus, '/sys/devices/system/cpu/online'],
    ['memory nodes', cpusetMems, '/sys/devices/system/node/online'],
  ] as const;
  for (const [what, wanted, file] of checks) {
    const online = numbersIn(hostFile(file));
    if (wanted === undefined || numbersIn(wanted).every((number) => online.includes(number))) continue;
    throw new MilleError('usage', `not all of the ${what} ${wanted} are there`, {
      hint: `this machine has ${hostFile(file).trim()}`,
    });
  }
}

/** More than any kernel is built for. */
const MOST_PROCESSORS = 16_384;

/** The numbers of `0-3,5`, as the kernel lists processors. */
export function numbersIn(list: string): number[] {
  return list.split(',').flatMap((part) => {
    const [first, last = first] = part.trim().split('-').map(Number);
    const count = Math.min((last ?? 0) - (first ?? 0) + 1, MOST_PROCESSORS);
    return Array.from({ length: Math.max(0, count) }, (_, i) => (first ?? 0) + i);
  });
}

function limitsSwap({ version, roots, controllers }: Hierarchy): boolean {
  if (!controllers.has('memory')) return false;
  const files =
    version === 1
      ? roots.map((root) => `${root}/memory.memsw.limit_in_bytes`)
      : ownGroups(roots[0] ?? '').map((group) => `${group}/memory.swap.max`);
  return files.some((file) => hostFile(file) !== '');
}

/** Version 2 has no limits in the root, but in every other group with the controller. */
function ownGroups(root: string): string[] {
  const path = /^0::(\/.*)$/m.exec(hostFile('/proc/self/cgroup'))?.[1] ?? '/';
  const parts = path.split('/').filter(Boolean);
  return parts.map((_, i) => `${root}/${parts.slice(0, i + 1).join('/')}`);
}

function insideContainer(name: string): MilleError {
  return new MilleError('usage', `${name} cannot be limited inside of this container`, {
    hint: 'limit the container itself, or move its processes into a group of their own and enable the controllers (cgroup.subtree_control) first',
  });
}

function noController(name: string): MilleError {
  return new MilleError('usage', `the control groups of this machine have no controller for ${name}`, {
    hint: 'leave the limit out, or enable it in the kernel (its parameter cgroup_enable)',
  });
}

function noGroups(): MilleError {
  return new MilleError('usage', 'there are no control groups here, which limits need', {
    hint: 'mount them at /sys/fs/cgroup, or leave the limit out',
  });
}
