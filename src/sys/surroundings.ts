// What this process was given by whoever started it: variables and the working directory.

import { decodePath } from '../core/index.ts';
import { CWD } from './calls.ts';
import { readLinkAt } from './files.ts';

/** The variables of this process. */
export function environment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}

/** The absolute path of the working directory, with links resolved. */
export function workingDirectory(): string {
  try {
    return readLinkAt(CWD, '/proc/self/cwd');
  } catch {
    return decodePath(Buffer.from(process.cwd()));
  }
}

/** The machine's architecture as OCI platforms name it: `amd64`, `arm64`. */
export function machineArchitecture(): string {
  return process.arch === 'x64' ? 'amd64' : process.arch;
}

/** The id of this process. */
export function processId(): number {
  return process.pid;
}
