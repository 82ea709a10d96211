// Whether what is in a base can run: scripts without their interpreter, programs without their libraries.

import { type ProgramFacts, readProgram } from '../../../lang/executable/index.ts';
import type { ImageConfig } from '../../../oci/image/index.ts';
import { needsOf, seenTree } from '../../programs/index.ts';
import { ociArchitecture } from '../architecture.ts';
import { readAll } from '../read-all.ts';
import type { OwnedFile } from './merge.ts';

const COMMANDS = /^usr\/(local\/)?(s?bin|games)\/[^/]+$/;
/** Larger files are data. */
const MOST_PROGRAM = 256 << 20;
const FIRST_LINE = 512;

/**
 * Commands whose interpreter is not there: they could only fail. Scripts elsewhere stay, since other programs may read
 * them. @returns what each of them wants, by path
 */
export function scriptsThatCannotRun(tree: ReadonlyMap<string, OwnedFile>): ReadonlyMap<string, string> {
  const seen = seenTree([{ entries: [...tree.values()].map(({ entry }) => entry) }]);
  const found = new Map<string, string>();
  // What goes may be the interpreter of others.
  for (;;) {
    const before = found.size;
    for (const [path, file] of tree) {
      if (!COMMANDS.test(path) || found.has(path)) continue;
      if (file.entry.type === 'symlink') {
        const target = seen.follow(path)?.at(-1);
        if (target !== undefined && found.has(target)) found.set(path, found.get(target)!);
        continue;
      }
      const interpreter = factsOf(file, FIRST_LINE)?.interpreter;
      if (interpreter === undefined || file.entry.type !== 'file') continue;
      const there = seen.follow(interpreter)?.at(-1);
      if (there === undefined || found.has(there)) found.set(path, interpreter);
    }
    if (found.size === before) return found;
  }
}

/** What programs and libraries ask for that is not there, as sentences. */
export function checkPrograms(tree: ReadonlyMap<string, OwnedFile>, architecture: string): string[] {
  const seen = seenTree([{ entries: [...tree.values()].map(({ entry }) => entry) }]);
  const config: ImageConfig = {
    architecture: ociArchitecture(architecture),
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: [] },
  };
  const notes: string[] = [];
  for (const [path, file] of tree) {
    if (file.entry.type !== 'file' || (!/\.so(\.|$)/.test(path) && !(file.entry.mode & 0o111))) continue;
    const facts = factsOf(file, MOST_PROGRAM);
    if (facts?.kind !== 'elf') continue;
    const missing = needsOf(seen, { path, facts, config }).filter(({ found }) => found === undefined);
    if (missing.length > 0)
      notes.push(`/${path} asks for ${missing.map(({ name }) => name).join(', ')}, which no package brings`);
  }
  return notes;
}

function factsOf({ entry, open }: OwnedFile, most: number): ProgramFacts | undefined {
  if (!open || entry.type !== 'file' || entry.size < 4) return undefined;
  const start = new Uint8Array(Math.min(entry.size, FIRST_LINE));
  const reader = open();
  try {
    reader.read(start);
  } finally {
    reader.close();
  }
  if (start[0] === 0x23) return readProgram(start);
  if (start[0] !== 0x7f || entry.size > most) return undefined;
  return readProgram(readAll(open(), entry.size));
}
