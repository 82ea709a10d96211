// Processes of this machine as /proc shows them: children, and an identity that survives the reuse of ids.

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The id of this process. */
export function ownProcessId(): number {
  return process.pid;
}

/** The processor, as Node names it: `x64`, `arm64`. */
export function processorName(): string {
  return process.arch;
}

/** The ids of a process's children; none where the process is gone. */
export function childProcesses(pid: number): number[] {
  // A child belongs to the thread that made it.
  const listed = threads(pid).map((thread) => readProc(`${pid}/task/${thread}/children`));
  if (listed.every((text) => text !== undefined))
    return listed.join(' ').split(' ').filter(Boolean).map(Number);
  // A kernel built without CONFIG_PROC_CHILDREN.
  return processIds().filter((id) => statFields(id)?.[1] === String(pid));
}

function threads(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** The ids of all processes that /proc shows. */
export function processIds(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** When a process started, in the kernel's ticks since boot; with its id it is unique. Undefined where it is gone. */
export function processStart(pid: number): string | undefined {
  return statFields(pid)?.[19];
}

/** Whether a process has a handler for a signal, by its number; false where the process is gone. */
export function catchesSignal(pid: number, signal: number): boolean {
  const mask = /^SigCgt:\s+([0-9a-f]+)$/m.exec(readProc(`${pid}/status`) ?? '')?.[1];
  return mask !== undefined && ((BigInt(`0x${mask}`) >> BigInt(signal - 1)) & 1n) === 1n;
}

/** What a process is called, as the kernel has it: at most 15 bytes; undefined where it is gone. */
export function processName(pid: number): string | undefined {
  return readProc(`${pid}/comm`)?.replace(/\n$/, '');
}

/** A number for the set of process ids this process sees: two processes with the same one mean the same by an id. */
export function processNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}

/** The hard limit of open files of this process. */
export function openFilesLimit(): number {
  const line = /^Max open files\s+\d+\s+(\d+)/m.exec(readProc('self/limits') ?? '');
  return line ? Number(line[1]) : 1024;
}

/** The fields of /proc/<pid>/stat after the name, which may hold anything: the state is the first. */
function statFields(pid: number): string[] | undefined {
  const text = readProc(`${pid}/stat`);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

function readProc(name: string): string | undefined {
  try {
    return readFileSync(`/proc/${name}`, 'latin1');
  } catch {
    return undefined;
  }
}
