// A static program for one processor that makes the file /made with its name in it, and says it: for tests of emulation,
// which need a program that this machine cannot execute by itself, and no compiler that makes one.

const BASE = 0x400000;
const HEADERS = 64 + 56;
const PATH = Buffer.from('/made\0');

/** What the program writes. */
export function tinyText(architecture: string): string {
  return `made by ${architecture}\n`;
}

/** The program's file: openat(/made), two write, exit. @param architecture amd64 or arm64, as Docker calls them */
export function tinyProgram(architecture: string): Buffer {
  const text = Buffer.from(tinyText(architecture));
  const assemble = architecture === 'arm64' ? arm64 : amd64;
  const { length } = assemble(0, 0, text.length);
  const code = assemble(length, length + PATH.length, text.length);
  const program = Buffer.concat([Buffer.alloc(HEADERS), code, PATH, text]);
  program.write('\x7fELF\x02\x01\x01', 'latin1');
  program.writeUInt16LE(2, 16);
  program.writeUInt16LE(architecture === 'arm64' ? 183 : 62, 18);
  program.writeUInt32LE(1, 20);
  program.writeBigUInt64LE(BigInt(BASE + HEADERS), 24);
  program.writeBigUInt64LE(64n, 32);
  program.writeUInt16LE(64, 52);
  program.writeUInt16LE(56, 54);
  program.writeUInt16LE(1, 56);
  // One segment: all of it, to be read and executed.
  program.writeUInt32LE(1, 64);
  program.writeUInt32LE(5, 68);
  program.writeBigUInt64LE(BigInt(BASE), 80);
  program.writeBigUInt64LE(BigInt(BASE), 88);
  program.writeBigUInt64LE(BigInt(program.length), 96);
  program.writeBigUInt64LE(BigInt(program.length), 104);
  program.writeBigUInt64LE(0x10000n, 112);
  return program;
}

/** @param path where the path begins, from the code's first byte; @param text where the text does */
function arm64(path: number, text: number, length: number): Buffer {
  const words: number[] = [];
  const mov = (register: number, value: number) => words.push(0xd2800000 | (value << 5) | register);
  const adr = (register: number, to: number) => {
    const distance = to - 4 * words.length;
    words.push(0x10000000 | ((distance & 3) << 29) | (((distance >> 2) & 0x7ffff) << 5) | register);
  };
  const call = (number: number) => {
    mov(8, number);
    words.push(0xd4000001);
  };
  words.push(0x92800000 | (99 << 5));
  adr(1, path);
  mov(2, 0x41);
  mov(3, 0o644);
  call(56);
  adr(1, text);
  mov(2, length);
  call(64);
  mov(0, 1);
  call(64);
  mov(0, 0);
  call(93);
  const code = Buffer.alloc(4 * words.length);
  for (const [i, word] of words.entries()) code.writeUInt32LE(word >>> 0, 4 * i);
  return code;
}

function amd64(path: number, text: number, length: number): Buffer {
  const parts: Buffer[] = [];
  const at = () => parts.reduce((sum, part) => sum + part.length, 0);
  const mov = (opcode: readonly number[], value: number) => {
    const part = Buffer.from([...opcode, 0, 0, 0, 0]);
    part.writeInt32LE(value, opcode.length);
    parts.push(part);
  };
  const [eax, edx, edi, r10d] = [[0xb8], [0xba], [0xbf], [0x41, 0xba]] as const;
  const rsi = (to: number) => mov([0x48, 0x8d, 0x35], to - at() - 7);
  const call = (number: number) => {
    mov(eax, number);
    parts.push(Buffer.from([0x0f, 0x05]));
  };
  mov(edi, -100);
  rsi(path);
  mov(edx, 0x41);
  mov(r10d, 0o644);
  call(257);
  parts.push(Buffer.from([0x89, 0xc7]));
  rsi(text);
  mov(edx, length);
  call(1);
  mov(edi, 1);
  call(1);
  mov(edi, 0);
  call(60);
  return Buffer.concat(parts);
}
