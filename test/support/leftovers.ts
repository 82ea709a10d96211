// What a build that ended may not leave on the machine: processes, control groups.

import { readdirSync, readFileSync } from 'node:fs';

/** Ids of processes (our own apart) whose command line or environment holds a text; those ending and dead are none. */
export function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .filter((pid) => ['cmdline', 'environ'].some((of) => read(`/proc/${pid}/${of}`).includes(text)))
    .map(Number);
}

/** Control groups that the process `pid` made. */
export function controlGroupsOf(pid: number): string[] {
  const mount = '/sys/fs/cgroup';
  const hierarchies = [mount, ...list(mount).map((name) => `${mount}/${name}`)];
  return hierarchies.flatMap((hierarchy) =>
    list(`${hierarchy}/mille`)
      .filter((name) => name.split('-')[2] === String(pid))
      .map((name) => `${hierarchy}/mille/${name}`),
  );
}

/** Waits for what must come soon; false where it did not within a minute. */
export async function until(done: () => boolean): Promise<boolean> {
  for (let attempt = 0; attempt < 3000; attempt++) {
    if (done()) return true;
    await Bun.sleep(20);
  }
  return done();
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
