// The end of a process that does one thing. Databases that it has open are left as a kill would leave them, and whoever
// opens them next reads the write-ahead log: to close the last connection takes four waits for the disk, a fifth and
// more of the time of a short command.

import { libc } from './libc.ts';

let ends = false;
const left: unknown[] = [];

/** Says that this process ends, by `endProcess`, with what it does now. */
export function endAfterThis(): void {
  ends = true;
}

/** Leaves something open until then. @returns whether the process ends so; else the caller closes it */
export function leaveToEnd(what: unknown): boolean {
  if (ends) left.push(what);
  return ends;
}

/** Ends the process. All output has to be written. */
export function endProcess(status: number): never {
  if (left.length > 0) {
    process.emit('exit', status);
    // The runtime would close what was left.
    libc()._exit(status);
  }
  process.exit(status);
}
