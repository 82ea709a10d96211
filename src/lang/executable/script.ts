// The first line of a script: `#!`, the program that interprets it, and what that one is told.

import type { ProgramFacts } from './program-facts.ts';

/** A longer first line is none. */
const LONGEST_LINE = 512;

/** @returns undefined for what does not begin as one */
export function readScript(bytes: Uint8Array): ProgramFacts | undefined {
  if (bytes[0] !== 0x23 || bytes[1] !== 0x21) return undefined;
  const newline = bytes.subarray(0, LONGEST_LINE).indexOf(0x0a);
  if (newline < 0 && bytes.length >= LONGEST_LINE) return undefined;
  const line = String.fromCharCode(...bytes.subarray(2, newline < 0 ? bytes.length : newline)).trim();
  const [interpreter = '', ...words] = line.split(/\s+/);
  if (interpreter === '') return undefined;
  const script = { kind: 'script', interpreter, libraries: [], runpath: [] } as const;
  if (!interpreter.endsWith('/env')) return script;
  const command = words.find((word) => !word.startsWith('-') && !word.includes('='));
  return command === undefined ? script : { ...script, command };
}
