// The flags that limit a container, and what they mean: the same for RUN of a build and for run. Numbers are checked by
// Docker's rules; whether the machine can keep them is not known here.

import type { ProcessLimits } from '../../app/index.ts';
import { MilleError, parseBytes } from '../../core/index.ts';
import type { FlagValues } from './spec.ts';
import { parseUlimits } from './ulimits.ts';

export const LIMIT_FLAGS = {
  'cgroup-parent': {
    kind: 'string',
    value: 'PATH',
    help: 'the control group below which those of the containers are made',
  },
  'cpu-period': { kind: 'string', value: 'MICROSECONDS', help: 'length of the period of --cpu-quota' },
  'cpu-quota': { kind: 'string', value: 'MICROSECONDS', help: 'processor time in each period' },
  'cpu-shares': { kind: 'string', short: 'c', value: 'NUMBER', help: 'weight among others; 1024 is usual' },
  'cpuset-cpus': { kind: 'string', value: 'LIST', help: 'the processors that a container may use: 0-3, 0,1' },
  'cpuset-mems': { kind: 'string', value: 'LIST', help: 'the memory nodes that a container may use' },
  memory: {
    kind: 'string',
    short: 'm',
    value: 'SIZE',
    help: 'the memory that a container may use, at least 6m',
  },
  'memory-swap': {
    kind: 'string',
    value: 'SIZE',
    help: 'memory and swap together; -1 for no limit; by default twice the memory',
  },
  'shm-size': { kind: 'string', value: 'SIZE', help: 'size of /dev/shm; 64m by default' },
  ulimit: { kind: 'list', value: 'NAME=SOFT[:HARD]', help: 'a limit of each process, such as nofile=1024' },
} as const;

/** Flags for limits that only run has. */
export const RUN_LIMIT_FLAGS = {
  ...LIMIT_FLAGS,
  cpus: { kind: 'string', value: 'NUMBER', help: 'how many processors a container may use: 1.5' },
  'memory-reservation': {
    kind: 'string',
    value: 'SIZE',
    help: 'the memory that is left to it when memory is scarce',
  },
  'pids-limit': { kind: 'string', value: 'NUMBER', help: 'how many processes there may be; -1 for no limit' },
} as const;

type Given = FlagValues<typeof LIMIT_FLAGS> & Partial<FlagValues<typeof RUN_LIMIT_FLAGS>>;

/** Reads all flags for limits. @throws MilleError `usage` */
export function parseLimits(given: Given): ProcessLimits {
  const resources = withoutUndefined({ ...memoryLimits(given), ...processorLimits(given) });
  const rlimits = parseUlimits(given.ulimit);
  const shmSize = bytes('--shm-size', given['shm-size']);
  const cgroupParent = groupPath(given['cgroup-parent']);
  return {
    ...(rlimits.length > 0 ? { rlimits } : {}),
    ...(Object.keys(resources).length > 0 ? { resources } : {}),
    ...(shmSize === undefined ? {} : { shmSize }),
    ...(cgroupParent === undefined ? {} : { cgroupParent }),
  };
}

type Resources = NonNullable<ProcessLimits['resources']>;
type Draft = { readonly [K in keyof Resources]: Resources[K] | undefined };

function withoutUndefined(draft: Draft): Resources {
  return Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined));
}

/** Less than a process needs to start. */
const LEAST_MEMORY = 6 * 1024 * 1024;

function memoryLimits(given: Given): Draft {
  const memory = bytes('--memory', given.memory);
  const memorySwap = given['memory-swap'] === '-1' ? -1 : bytes('--memory-swap', given['memory-swap']);
  const memoryReservation = bytes('--memory-reservation', given['memory-reservation']);
  const least = [
    ['--memory', memory, given.memory],
    ['--memory-reservation', memoryReservation, given['memory-reservation']],
  ] as const;
  for (const [flag, value, text] of least)
    if (value !== undefined && value < LEAST_MEMORY) throw bad(flag, text, 'it is 6m at least');
  if (memorySwap !== undefined && memorySwap > 0) {
    if (memory === undefined)
      throw bad('--memory-swap', given['memory-swap'], 'it needs --memory: it is both together');
    if (memorySwap < memory)
      throw bad('--memory-swap', given['memory-swap'], 'it is memory and swap together, so not less');
  }
  if (memory !== undefined && memoryReservation !== undefined && memoryReservation > memory)
    throw bad('--memory-reservation', given['memory-reservation'], 'it is not more than --memory');
  return { memory, memorySwap: memory === undefined ? undefined : memorySwap, memoryReservation };
}

/** Microseconds: what --cpus counts in, and the bounds of the kernel. */
const PERIOD = 100_000;
const SHORTEST_PERIOD = 1_000;
const LONGEST_PERIOD = 1_000_000;

function processorLimits(given: Given): Draft {
  const period = integer('--cpu-period', given['cpu-period']);
  if (period !== undefined && (period < SHORTEST_PERIOD || period > LONGEST_PERIOD))
    throw bad('--cpu-period', given['cpu-period'], 'it is between 1000 and 1000000');
  const quota = integer('--cpu-quota', given['cpu-quota']);
  if (quota !== undefined && quota >= 0 && quota < SHORTEST_PERIOD)
    throw bad('--cpu-quota', given['cpu-quota'], 'it is 1000 at least');
  const cpuShares = integer('--cpu-shares', given['cpu-shares']);
  if (cpuShares !== undefined && cpuShares < 0)
    throw bad('--cpu-shares', given['cpu-shares'], 'it is a positive number');
  const cpus = processors(given.cpus);
  if (cpus !== undefined && (period !== undefined || quota !== undefined))
    throw bad('--cpus', given.cpus, 'it stands for --cpu-period and --cpu-quota: give either');
  const pids = integer('--pids-limit', given['pids-limit']);
  return {
    cpuShares,
    cpuPeriod: cpus === undefined ? period : PERIOD,
    cpuQuota: cpus === undefined ? quota : Math.trunc(cpus * PERIOD),
    cpusetCpus: list('--cpuset-cpus', given['cpuset-cpus']),
    cpusetMems: list('--cpuset-mems', given['cpuset-mems']),
    pids: pids !== undefined && pids < 0 ? -1 : pids,
  };
}

function processors(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const cpus = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (cpus === 0) return undefined;
  if (cpus >= 0.01) return cpus;
  throw bad('--cpus', text, 'it is a number such as 1.5, and 0.01 at least');
}

/** 0 is no limit, as in Docker. */
function bytes(flag: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const size = parseBytes(text);
  if (size === undefined)
    throw bad(flag, text, 'it is a number of bytes, or one with a unit, such as 512m or 2g');
  return size === 0 ? undefined : size;
}

function integer(flag: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const number = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw bad(flag, text, 'it is a whole number');
  return number === 0 ? undefined : number;
}

function list(flag: string, text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  if (/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(text)) return text;
  throw bad(flag, text, 'it is a list such as 0-3 or 0,1');
}

function groupPath(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  if (/^[^/]*\.slice:/.test(text)) {
    throw bad('--cgroup-parent', text, 'mille makes groups itself: write the path of one, such as /builds');
  }
  const parts = text.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..') || parts.length === 0 || /[^\x21-\x7e]/.test(text))
    throw bad('--cgroup-parent', text, 'it is the path of a control group, such as /builds');
  return `/${parts.join('/')}`;
}

function bad(flag: string, text: string | undefined, hint: string): MilleError {
  return new MilleError('usage', `${flag} can't be '${text ?? ''}'`, { hint });
}
