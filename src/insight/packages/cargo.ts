// Rust's programs built with cargo-auditable: a section `.dep-v0` of the ELF file holds the list of crates, as JSON
// packed by zlib (cargo-auditable's PARSING.md).

import { decodePath } from '../../core/index.ts';
import {
  type FoundPackage,
  MOST_PACKAGES,
  NOTHING,
  type PackageFile,
  type ReaderTools,
  type Reading,
  word,
} from './types.ts';

/** Programs are held in memory to be looked through; larger ones are not. */
export const CARGO_LIMIT = 48 * 1024 * 1024;

const LIST_LIMIT = 8 * 1024 * 1024;
const SECTION = '.dep-v0';

/** Reads the list of a program, if it has one. */
export function readCargoList({ path, bytes }: PackageFile, tools: ReaderTools): Reading {
  const section = sectionOf(bytes, SECTION);
  if (!section) return NOTHING;
  const json = tools.inflate(section, 'zlib', LIST_LIMIT);
  let list: unknown;
  try {
    list = json && (JSON.parse(tools.text(json)) as { packages?: unknown } | null)?.packages;
  } catch {
    list = undefined;
  }
  if (!Array.isArray(list)) return { packages: [], notes: [`/${path}: its list of crates is damaged`] };
  return { packages: list.slice(0, MOST_PACKAGES).flatMap((one) => readOne(one) ?? []), notes: [] };
}

function readOne(value: unknown): FoundPackage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { name: givenName, version: givenVersion, kind } = value as Record<string, unknown>;
  // What only the build needed is not in the program.
  if (kind === 'build' || typeof givenName !== 'string' || typeof givenVersion !== 'string') return undefined;
  const [name, version] = [word(givenName), word(givenVersion)];
  return name && version ? { type: 'cargo', name, version } : undefined;
}

/** A section of an ELF file by its name (ELF specification, "Section Header"). */
function sectionOf(bytes: Uint8Array, wanted: string): Uint8Array | undefined {
  if (bytes.length < 64) return undefined;
  const wide = bytes[4] === 2;
  const little = bytes[5] === 1;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const address = (at: number) => (wide ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little));
  const table = address(wide ? 40 : 32);
  const [size, count, names] = (wide ? [58, 60, 62] : [46, 48, 50]).map((at) =>
    view.getUint16(at, little),
  ) as [number, number, number];
  if (size < (wide ? 64 : 40) || table === 0 || table + size * count > bytes.length) return undefined;
  const section = (i: number) => {
    const at = table + i * size;
    const [offset, length] = [address(at + (wide ? 24 : 16)), address(at + (wide ? 32 : 20))];
    return offset + length <= bytes.length ? bytes.subarray(offset, offset + length) : undefined;
  };
  const texts = names < count ? section(names) : undefined;
  if (!texts) return undefined;
  for (let i = 0; i < count; i++) {
    const start = view.getUint32(table + i * size, little);
    const name = texts.subarray(start, start + wanted.length + 1);
    if (name.length === wanted.length + 1 && name.at(-1) === 0 && decodePath(name.subarray(0, -1)) === wanted)
      return section(i);
  }
  return undefined;
}
