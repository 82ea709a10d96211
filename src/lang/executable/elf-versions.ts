// Versions of symbols: which ones of its libraries an ELF file asks for, and which it has itself (Linux Standard Base, "Symbol
// Versioning"). A program that was linked with a newer glibc asks for versions that an older one does not have.

import { ElfFile } from './elf.ts';

const [VERSION_NEEDS, VERSION_NEEDS_COUNT] = [0x6ffffffe, 0x6fffffff];
const [VERSION_DEFINITIONS, VERSION_DEFINITIONS_COUNT] = [0x6ffffffc, 0x6ffffffd];
/** Nothing breaks where a weak one is missing. */
const WEAK = 2;
const MOST = 4096;

/** Processors by their number in the head of an ELF file, as images call them. */
const MACHINES: Readonly<Record<number, string>> = {
  3: '386',
  8: 'mips',
  21: 'ppc64',
  22: 's390x',
  40: 'arm',
  62: 'amd64',
  183: 'arm64',
  243: 'riscv64',
  258: 'loong64',
};

/** What an ELF file says of the world that it is for. */
export interface ElfVersions {
  /** As images call it; absent for a processor that nobody builds images for. */
  readonly architecture?: string;
  /** By library: the versions of its symbols that are asked for. */
  readonly needs: readonly { readonly library: string; readonly versions: readonly string[] }[];
  /** Those that the file itself has, where it is a library. */
  readonly provides: readonly string[];
}

/** @returns undefined for what is no ELF file, or a broken one */
export function readElfVersions(bytes: Uint8Array): ElfVersions | undefined {
  const file = ElfFile.of(bytes);
  if (!file) return undefined;
  try {
    const architecture = architectureOf(file);
    const { tags, placeOf, strings } = file.dynamicTags();
    const table = (place: number, count: number) => {
      const address = tags.get(place);
      const at = address === undefined ? undefined : placeOf(address);
      return at === undefined ? undefined : { at, count: Math.min(MOST, tags.get(count) ?? 0) };
    };
    const needs = table(VERSION_NEEDS, VERSION_NEEDS_COUNT);
    const definitions = table(VERSION_DEFINITIONS, VERSION_DEFINITIONS_COUNT);
    const known = strings !== undefined;
    return {
      ...(architecture === undefined ? {} : { architecture }),
      needs: needs && known ? readNeeds(file, strings, needs) : [],
      provides: definitions && known ? readDefinitions(file, strings, definitions) : [],
    };
  } catch (error) {
    // What points outside of the file.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function architectureOf(file: ElfFile): string | undefined {
  const name = MACHINES[file.half(18)];
  return name === 'ppc64' && file.little ? 'ppc64le' : name;
}

interface Table {
  readonly at: number;
  readonly count: number;
}

function readNeeds(file: ElfFile, strings: number, { at, count }: Table): ElfVersions['needs'] {
  const needs: { library: string; versions: string[] }[] = [];
  for (let i = 0, entry = at; i < count; i++) {
    const versions: string[] = [];
    let aux = entry + file.int(entry + 8);
    for (let j = Math.min(MOST, file.half(entry + 2)); j > 0; j--) {
      if ((file.half(aux + 4) & WEAK) === 0) versions.push(file.text(strings + file.int(aux + 8)));
      const next = file.int(aux + 12);
      if (next === 0) break;
      aux += next;
    }
    needs.push({ library: file.text(strings + file.int(entry + 4)), versions });
    const next = file.int(entry + 12);
    if (next === 0) break;
    entry += next;
  }
  return needs;
}

function readDefinitions(file: ElfFile, strings: number, { at, count }: Table): string[] {
  const names: string[] = [];
  for (let i = 0, entry = at; i < count; i++) {
    // The first of its names is its own, others are those of what it stands on.
    names.push(file.text(strings + file.int(entry + file.int(entry + 12))));
    const next = file.int(entry + 16);
    if (next === 0) break;
    entry += next;
  }
  return names;
}
