// Limits as parts of the runtime's config.

import type { SandboxResources, SandboxRlimit } from './spec.ts';

/** The soft limit of open files that Docker gives; the hard one is ours. */
const OPEN_FILES = 1024;

/** `process.rlimits`: the caller's, and Docker's usual one of open files where the caller has none. */
export function processLimits(given: readonly SandboxRlimit[], openFiles: number): object[] {
  const usual = { name: 'nofile', soft: Math.min(OPEN_FILES, openFiles), hard: openFiles };
  const limits = given.some(({ name }) => name === usual.name) ? given : [usual, ...given];
  return limits.map(({ name, soft, hard }) => ({
    type: `RLIMIT_${name.toUpperCase()}`,
    soft: rlimit(soft),
    hard: rlimit(hard),
  }));
}

/** RLIM_INFINITY, of which a JavaScript number has not all digits: the runtime reads 64 bits. */
const INFINITY = '18446744073709551615';

function rlimit(value: number): unknown {
  return value < 0 ? raw(INFINITY) : value;
}

/** A number of JSON as it is to be written. */
function raw(text: string): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text);
}

/** Of `linux.resources` what limits memory, processors and processes. */
export function cgroupResources(resources: SandboxResources): object {
  const { memory, memorySwap, memoryReservation, pids } = resources;
  const { cpuShares, cpuQuota, cpuPeriod, cpusetCpus, cpusetMems } = resources;
  return {
    ...section('memory', { limit: memory, swap: memorySwap, reservation: memoryReservation }),
    ...section('cpu', {
      ...{ shares: cpuShares, quota: cpuQuota, period: cpuPeriod },
      ...{ cpus: cpusetCpus, mems: cpusetMems },
    }),
    ...section('pids', { limit: pids }),
  };
}

function section(name: string, values: Readonly<Record<string, number | string | undefined>>): object {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return given.length === 0 ? {} : { [name]: Object.fromEntries(given) };
}
