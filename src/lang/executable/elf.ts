// The parts of an ELF file that name other files: its dynamic linker, its libraries, its run path (System V ABI, "Program
// Loading and Dynamic Linking").

import type { ProgramFacts } from './program-facts.ts';

const [LOAD, DYNAMIC, INTERPRETER] = [1, 2, 3];
const [NEEDED, STRINGS, RPATH, RUNPATH] = [1, 5, 15, 29];
const MOST_SEGMENTS = 256;
const MOST_TAGS = 4096;
const LONGEST_NAME = 4096;

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

/** @returns undefined for what is no ELF file, or a broken one */
export function readElf(bytes: Uint8Array): ProgramFacts | undefined {
  const file = ElfFile.of(bytes);
  if (!file) return undefined;
  try {
    const segments = [...file.segments()];
    const interpreter = segments.find(({ type }) => type === INTERPRETER);
    const facts = file.dynamic(segments);
    return {
      ...{ kind: 'elf', ...facts },
      ...(interpreter ? { interpreter: file.text(interpreter.offset) } : {}),
    };
  } catch (error) {
    // What points outside of the file.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The dynamic linker of a file of which only the start is at hand. */
export function readElfInterpreter(start: Uint8Array): string | undefined {
  const file = ElfFile.of(start);
  try {
    for (const { type, offset, size } of file?.segments() ?? []) {
      if (type !== INTERPRETER) continue;
      return offset + size <= start.length ? file?.text(offset) : undefined;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return undefined;
}

/** Tags of the dynamic section, and where what they speak of lies in the file. */
interface DynamicTags {
  /** Of several with the same number the last one; those that name libraries are in `all`. */
  readonly tags: ReadonlyMap<number, number>;
  readonly all: readonly (readonly [number, number])[];
  /** Where in the file an address is; undefined where nothing of it is loaded there. */
  readonly placeOf: (address: number) => number | undefined;
  /** Where the table of names begins. */
  readonly strings?: number;
}

/** A file, read where somebody asks. What lies outside of it throws a RangeError. */
export class ElfFile {
  private readonly view: DataView;
  private readonly wide: boolean;
  readonly little: boolean;

  private constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.wide = bytes[4] === 2;
    this.little = bytes[5] === 1;
  }

  /** @returns undefined for what does not begin as one */
  static of(bytes: Uint8Array): ElfFile | undefined {
    const is =
      bytes.length >= 64 && bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;
    return is ? new ElfFile(bytes) : undefined;
  }

  *segments(): Generator<Segment, void, void> {
    const { wide } = this;
    const start = this.word(wide ? 32 : 28);
    const size = this.half(wide ? 54 : 42);
    const count = Math.min(MOST_SEGMENTS, this.half(wide ? 56 : 44));
    for (let i = 0; i < count; i++) {
      const at = start + i * size;
      yield {
        type: this.int(at),
        offset: this.word(at + (wide ? 8 : 4)),
        address: this.word(at + (wide ? 16 : 8)),
        size: this.word(at + (wide ? 32 : 16)),
      };
    }
  }

  dynamic(segments: readonly Segment[]): Pick<ProgramFacts, 'libraries' | 'runpath'> {
    const { all, strings } = this.dynamicTags(segments);
    if (strings === undefined) return { libraries: [], runpath: [] };
    const named = (...wanted: readonly number[]) =>
      all.flatMap(([tag, value]) => (wanted.includes(tag) ? [this.text(strings + value)] : []));
    return {
      libraries: named(NEEDED),
      runpath: named(RPATH, RUNPATH).flatMap((path) => path.split(':').filter((one) => one !== '')),
    };
  }

  dynamicTags(segments: readonly Segment[] = [...this.segments()]): DynamicTags {
    const placeOf = (address: number) => {
      const home = segments.find(
        (one) => one.type === LOAD && address >= one.address && address < one.address + one.size,
      );
      return home && address - home.address + home.offset;
    };
    const all: (readonly [number, number])[] = [];
    const dynamic = segments.find(({ type }) => type === DYNAMIC);
    const width = this.wide ? 8 : 4;
    for (let i = 0; dynamic && i < MOST_TAGS && (i + 1) * 2 * width <= dynamic.size; i++) {
      const at = dynamic.offset + i * 2 * width;
      const tag = this.word(at);
      if (tag === 0) break;
      all.push([tag, this.word(at + width)]);
    }
    const address = all.find(([tag]) => tag === STRINGS)?.[1];
    const strings = address === undefined ? undefined : placeOf(address);
    return { all, tags: new Map(all), placeOf, ...(strings === undefined ? {} : { strings }) };
  }

  /** @throws RangeError beyond the end */
  text(at: number): string {
    if (at >= this.bytes.length) throw new RangeError('a name outside of the file');
    const part = this.bytes.subarray(at, at + LONGEST_NAME);
    const end = part.indexOf(0);
    return String.fromCharCode(...(end < 0 ? part : part.subarray(0, end)));
  }

  half(at: number): number {
    return this.view.getUint16(at, this.little);
  }

  int(at: number): number {
    return this.view.getUint32(at, this.little);
  }

  private word(at: number): number {
    return this.wide ? Number(this.view.getBigUint64(at, this.little)) : this.int(at);
  }
}
