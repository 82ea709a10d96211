// Programs of other processors: what an ELF file is for, and whether the kernel executes such files here (natively, or
// through an interpreter registered with binfmt_misc).

import { CWD, O } from './calls.ts';
import { writeFileAtomically } from './file-beside.ts';
import { chmodAt, closeFd, openAt, readInto } from './files.ts';
import { isErrno } from './system-error.ts';

/** What tells the programs of two processors apart (ELF header: e_ident, e_machine). */
export interface ElfKind {
  readonly bits: 32 | 64;
  readonly byteOrder: 'little' | 'big';
  readonly machine: number;
}

/** As OCI platforms name them. */
const ARCHITECTURES = new Map([
  [3, '386'],
  [8, 'mips'],
  [20, 'ppc'],
  [21, 'ppc64'],
  [22, 's390x'],
  [40, 'arm'],
  [62, 'amd64'],
  [183, 'arm64'],
  [243, 'riscv64'],
  [258, 'loong64'],
]);

/** The architecture's name, or its number where it has none here. */
export function elfArchitecture({ machine }: ElfKind): string {
  return ARCHITECTURES.get(machine) ?? `machine ${machine}`;
}

/** Bytes of a file's start that `readElfKind` needs. */
export const ELF_START = 20;

/** Reads the start of a file; undefined for one that is no ELF file. */
export function readElfKind(start: Uint8Array): ElfKind | undefined {
  const [e0, e1, e2, e3, size, order] = start;
  if (start.length < ELF_START || e0 !== 0x7f || e1 !== 0x45 || e2 !== 0x4c || e3 !== 0x46) return undefined;
  if ((size !== 1 && size !== 2) || (order !== 1 && order !== 2)) return undefined;
  const little = order === 1;
  const machine = new DataView(start.buffer, start.byteOffset).getUint16(18, little);
  return { bits: size === 2 ? 64 : 32, byteOrder: little ? 'little' : 'big', machine };
}

/**
 * Whether the kernel executes programs of a kind. Those of this very program's kind it does; of others it is asked, by
 * offering it one that does nothing. What an interpreter then makes of that does not matter.
 * @param directory where a program can be made
 */
export async function executesHere(kind: ElfKind, directory: string): Promise<boolean> {
  if (sameKind(kind, ownKind())) return true;
  const file = `${directory}/probe-${kind.machine}`;
  writeFileAtomically(file, tinyProgram(kind));
  chmodAt(CWD, file, 0o755);
  try {
    const child = Bun.spawn([file], { stdin: null, stdout: 'ignore', stderr: 'ignore' });
    const timer = setTimeout(() => child.kill('SIGKILL'), 2000);
    await child.exited;
    clearTimeout(timer);
    return true;
  } catch (error) {
    // Another failure, such as a file system without programs, says nothing about the processor.
    return !isErrno(error, 'ENOEXEC');
  }
}

function sameKind(a: ElfKind, b: ElfKind | undefined): boolean {
  return a.bits === b?.bits && a.byteOrder === b.byteOrder && a.machine === b.machine;
}

function ownKind(): ElfKind | undefined {
  const fd = openAt(CWD, '/proc/self/exe', { flags: O.RDONLY });
  try {
    const start = new Uint8Array(ELF_START);
    return readElfKind(start.subarray(0, readInto(fd, start)));
  } finally {
    closeFd(fd);
  }
}

/** Above what no program may map. */
const ADDRESS = 0x10000;

/** An executable of one readable segment, itself (ELF specification, "ELF Header", "Program Header"). */
function tinyProgram({ bits, byteOrder, machine }: ElfKind): Uint8Array {
  const wide = bits === 64;
  const [header, segment] = wide ? [64, 56] : [52, 32];
  const size = header + segment;
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  const little = byteOrder === 'little';
  const half = (at: number, value: number) => view.setUint16(at, value, little);
  const word = (at: number, value: number) => view.setUint32(at, value, little);
  const address = (at: number, value: number) =>
    wide ? view.setBigUint64(at, BigInt(value), little) : word(at, value);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, little ? 1 : 2, 1]);
  half(16, 2); // ET_EXEC
  half(18, machine);
  word(20, 1);
  address(24, ADDRESS);
  address(wide ? 32 : 28, header);
  half(wide ? 52 : 40, header);
  half(wide ? 54 : 42, segment);
  half(wide ? 56 : 44, 1);
  word(header, 1); // PT_LOAD
  const read = 4;
  if (wide) word(header + 4, read);
  else word(header + 24, read);
  const fields = wide ? [8, 16, 24, 32, 40, 48] : [4, 8, 12, 16, 20, 28];
  const values = [0, ADDRESS, ADDRESS, size, size, 4096];
  fields.forEach((at, i) => {
    address(header + at, values[i]!);
  });
  return bytes;
}
