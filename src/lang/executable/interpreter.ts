// What the kernel opens beside a file that it executes, which no system call shows: the interpreter of a script, the
// dynamic linker of an ELF file.

import { readElfInterpreter } from './elf.ts';
import { readScript } from './script.ts';

/** Bytes of a file's start that are enough to know it. */
export const EXECUTABLE_START = 4096;

/** The absolute path that the start of a file names; undefined where it names none. */
export function interpreterIn(start: Uint8Array): string | undefined {
  const path = readScript(start)?.interpreter ?? readElfInterpreter(start);
  return path?.startsWith('/') ? path : undefined;
}
