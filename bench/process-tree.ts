// What a daemon and those it started have computed so far.

import { existsSync, readdirSync, readFileSync } from 'node:fs';

interface Process {
  readonly parent: number;
  /** In ticks of a hundredth of a second; of children that have ended too. */
  readonly ticks: number;
}

/** The process of a daemon by the socket it was told to listen at; undefined where it is not on this machine. */
export function daemonProcess(host: string): number | undefined {
  const socket = host.replace(/^unix:\/\//, '');
  return processIds().find((id) => {
    const [program = '', ...args] = read(`/proc/${id}/cmdline`).split('\0');
    if (!/(^|\/)dockerd$/.test(program)) return false;
    // One with another root directory knows its socket by a shorter name.
    return args.some((arg) => arg.startsWith('unix://') && socket.endsWith(arg.slice('unix://'.length)));
  });
}

/** Whether a program is where a process would find it. */
export function hasProgram(id: number, name: string): boolean {
  return ['/usr/bin', '/bin', '/usr/local/bin'].some((at) => existsSync(`/proc/${id}/root${at}/${name}`));
}

/** Seconds of processor time of a process and all below it. */
export function processorTime(root: number): number {
  const all = new Map(processIds().map((id) => [id, statOf(id)]));
  const isBelow = (id: number): boolean => id === root || (id > 1 && isBelow(all.get(id)?.parent ?? 0));
  let ticks = 0;
  for (const [id, process] of all) if (process && isBelow(id)) ticks += process.ticks;
  return ticks / 100;
}

function processIds(): number[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}

function statOf(id: number): Process | undefined {
  const text = read(`/proc/${id}/stat`);
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  if (fields.length < 15) return undefined;
  return { parent: fields[1]!, ticks: fields[11]! + fields[12]! + fields[13]! + fields[14]! };
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}
