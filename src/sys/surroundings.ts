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
