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
  if (bytes.length < 64 || bytes[1] !== 0x45 || bytes[2] !== 0x4c || bytes[3] !== 0x46) return undefined;
  const file = new ElfFile(bytes);
  try {
    const segments = file.segments();
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

class ElfFile {
  private readonly view: DataView;
  private readonly wide: boolean;
  private readonly little: boolean;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.wide = bytes[4] === 2;
    this.little = bytes[5] === 1;
  }

  segments(): readonly Segment[] {
    const { wide } = this;
    const start = this.word(wide ? 32 : 28);
    const size = this.half(wide ? 54 : 42);
    const count = Math.min(MOST_SEGMENTS, this.half(wide ? 56 : 44));
    return Array.from({ length: count }, (_, i): Segment => {
      const at = start + i * size;
      return {
        type: this.int(at),
        offset: this.word(at + (wide ? 8 : 4)),
        address: this.word(at + (wide ? 16 : 8)),
        size: this.word(at + (wide ? 32 : 16)),
      };
    });
  }

  dynamic(segments: readonly Segment[]): Pick<ProgramFacts, 'libraries' | 'runpath'> {
    const dynamic = segments.find(({ type }) => type === DYNAMIC);
    if (!dynamic) return { libraries: [], runpath: [] };
    const tags: (readonly [number, number])[] = [];
    const width = this.wide ? 8 : 4;
    for (let i = 0; i < MOST_TAGS && (i + 1) * 2 * width <= dynamic.size; i++) {
      const at = dynamic.offset + i * 2 * width;
      const tag = this.word(at);
      if (tag === 0) break;
      tags.push([tag, this.word(at + width)]);
    }
    const address = tags.find(([tag]) => tag === STRINGS)?.[1];
    const home = segments.find(
      (one) =>
        one.type === LOAD &&
        address !== undefined &&
        address >= one.address &&
        address < one.address + one.size,
    );
    if (address === undefined || !home) return { libraries: [], runpath: [] };
    const strings = address - home.address + home.offset;
    const named = (...wanted: readonly number[]) =>
      tags.flatMap(([tag, value]) => (wanted.includes(tag) ? [this.text(strings + value)] : []));
    return {
      libraries: named(NEEDED),
      runpath: named(RPATH, RUNPATH).flatMap((path) => path.split(':').filter((one) => one !== '')),
    };
  }

  /** @throws RangeError beyond the end */
  text(at: number): string {
    if (at >= this.bytes.length) throw new RangeError('a name outside of the file');
    const part = this.bytes.subarray(at, at + LONGEST_NAME);
    const end = part.indexOf(0);
    return String.fromCharCode(...(end < 0 ? part : part.subarray(0, end)));
  }

  private half(at: number): number {
    return this.view.getUint16(at, this.little);
  }

  private int(at: number): number {
    return this.view.getUint32(at, this.little);
  }

  private word(at: number): number {
    return this.wide ? Number(this.view.getBigUint64(at, this.little)) : this.int(at);
  }
}
