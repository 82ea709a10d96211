// What the kernel opens beside a program that it executes, which no system call shows: the interpreter of a script, the
// dynamic linker of an ELF file.

/** Bytes of a program's start that are looked at. */
export const PROGRAM_START = 4096;

const PT_INTERP = 3;

/** The absolute paths of the programs that the start of another one names. */
export function interpretersIn(start: Uint8Array): readonly string[] {
  if (start[0] === 0x23 && start[1] === 0x21) {
    const line = text(start, 2, 2 + 254).split('\n')[0]!;
    const path = line.trim().split(/[ \t]/)[0]!;
    return path.startsWith('/') ? [path] : [];
  }
  const path = linkerOf(start);
  return path?.startsWith('/') ? [path] : [];
}

function linkerOf(start: Uint8Array): string | undefined {
  if (start.length < 64 || start[0] !== 0x7f || text(start, 1, 4) !== 'ELF') return undefined;
  const wide = start[4] === 2;
  const little = start[5] === 1;
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const word = (at: number) =>
    at + 8 > start.length
      ? Number.NaN
      : wide
        ? Number(view.getBigUint64(at, little))
        : view.getUint32(at, little);
  const headers = word(wide ? 32 : 28);
  const size = view.getUint16(wide ? 54 : 42, little);
  const count = view.getUint16(wide ? 56 : 44, little);
  for (let i = 0; i < count; i++) {
    const at = headers + i * size;
    if (!(at + size <= start.length) || size < 32) return undefined;
    if (view.getUint32(at, little) !== PT_INTERP) continue;
    const offset = word(at + (wide ? 8 : 4));
    const length = word(at + (wide ? 32 : 16));
    return offset + length <= start.length ? text(start, offset, offset + length - 1) : undefined;
  }
  return undefined;
}

function text(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}
