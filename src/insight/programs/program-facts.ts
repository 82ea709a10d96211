// What a program says of itself: who interprets it, which libraries it asks for, and where these may lie.

import { readElf } from './elf.ts';

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

/** A longer first line is none. */
const LONGEST_LINE = 512;

/** @returns undefined for what is neither */
export function readProgram(bytes: Uint8Array): ProgramFacts | undefined {
  if (bytes[0] === 0x7f) return readElf(bytes);
  return bytes[0] === 0x23 && bytes[1] === 0x21 ? readScript(bytes) : undefined;
}

function readScript(bytes: Uint8Array): ProgramFacts | undefined {
  const end = bytes.subarray(0, LONGEST_LINE).indexOf(0x0a);
  if (end < 0) return undefined;
  const line = String.fromCharCode(...bytes.subarray(2, end)).trim();
  const [interpreter = '', ...words] = line.split(/\s+/);
  if (interpreter === '') return undefined;
  const script = { kind: 'script', interpreter, libraries: [], runpath: [] } as const;
  if (!interpreter.endsWith('/env')) return script;
  const command = words.find((word) => !word.startsWith('-') && !word.includes('='));
  return command === undefined ? script : { ...script, command };
}
