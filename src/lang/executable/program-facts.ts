// What a program says of itself: who interprets it, which libraries it asks for, and where these may lie.

import { readElf } from './elf.ts';
import { readScript } from './script.ts';

/** What a file that can be executed or loaded names. */
export interface ProgramFacts {
  readonly kind: 'elf' | 'script';
  /** The dynamic linker, or what `#!` names: an absolute path, mostly. */
  readonly interpreter?: string;
  /** Of a script that begins with `#!/usr/bin/env name`: the name. */
  readonly command?: string;
  /** Libraries, by name or by path. */
  readonly libraries: readonly string[];
  /** Directories in which it looks for them first; `$ORIGIN` is its own. */
  readonly runpath: readonly string[];
}

/** @returns undefined for what is neither */
export function readProgram(bytes: Uint8Array): ProgramFacts | undefined {
  if (bytes[0] === 0x7f) return readElf(bytes);
  return readScript(bytes);
}
