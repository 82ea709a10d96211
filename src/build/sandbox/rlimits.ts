// Limits of single processes (setrlimit): whether this process may set them for others.

import { MilleError } from '../../core/index.ts';
import { privilege } from '../../sys/index.ts';
import { heldCapabilities } from './capabilities.ts';
import { hostFile } from './host-file.ts';
import type { SandboxRlimit } from './spec.ts';

/** @throws MilleError `usage` for a limit above the one of this process, which only some of root may raise */
export function checkRlimit({ name, hard }: SandboxRlimit): void {
  const most = largest(name);
  if (most === undefined || size(hard) <= size(most)) return;
  throw new MilleError('usage', `the limit ${name} can be ${most} at most: mille itself has no more`, {
    hint: 'ask for less, or raise it for what starts mille (ulimit -H, or Limit… in a unit of systemd)',
  });
}

/** -1 is no limit, and larger than any other. */
const size = (limit: number) => (limit < 0 ? Number.POSITIVE_INFINITY : limit);

/** The largest value that this process can give a limit; undefined where nothing bounds it. */
function largest(name: string): number | undefined {
  const mayRaise = privilege() === 'root' && heldCapabilities().includes('CAP_SYS_RESOURCE');
  if (!mayRaise) return hardLimit(hostFile('/proc/self/limits'), name);
  return name === 'nofile' ? Number(hostFile('/proc/sys/fs/nr_open')) : undefined;
}

/** How /proc/<pid>/limits calls them. */
const TITLES: Readonly<Record<string, string>> = {
  core: 'core file size',
  cpu: 'cpu time',
  data: 'data size',
  fsize: 'file size',
  locks: 'file locks',
  memlock: 'locked memory',
  msgqueue: 'msgqueue size',
  nice: 'nice priority',
  nofile: 'open files',
  nproc: 'processes',
  rss: 'resident set',
  rtprio: 'realtime priority',
  rttime: 'realtime timeout',
  sigpending: 'pending signals',
  stack: 'stack size',
};

/** A hard limit in the text of /proc/<pid>/limits; -1 for none, undefined where it does not say. */
export function hardLimit(limits: string, name: string): number | undefined {
  const found = new RegExp(`^Max ${TITLES[name]}\\s+\\S+\\s+(\\S+)`, 'm').exec(limits)?.[1];
  if (found === undefined) return undefined;
  return found === 'unlimited' ? -1 : Number(found);
}
