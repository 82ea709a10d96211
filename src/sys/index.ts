// Room `sys`: the only room that knows Bun, node:* or the C library. Files, extended attributes, device nodes,
// hashing, processes, SQLite, compression. It knows no image, no Dockerfile and no policy.

export * from './authorities.ts';
export * from './byte-lock.ts';
export { CWD, O } from './calls.ts';
export * from './chunks.ts';
export {
  type Compression,
  type Decompressed,
  decompress,
  type Inflate,
  loadInflate,
  packBytes,
  sniffCompression,
  unpackBytes,
} from './compress.ts';
export { compressGzip, compressZstd } from './compress-blocks.ts';
export * from './disk-usage.ts';
export * from './elf.ts';
export { endAfterThis, endProcess } from './end-process.ts';
export * from './exchange.ts';
export * from './file-beside.ts';
export * from './files.ts';
export * from './hash.ts';
export * from './held-program.ts';
export * from './http.ts';
export * from './inflate.ts';
export * from './json-array.ts';
export * from './loopback.ts';
export * from './machine-load.ts';
export * from './memory-file.ts';
export * from './namespace.ts';
export * from './offline.ts';
export * from './pipe.ts';
export * from './process.ts';
export * from './process-tree.ts';
export * from './raw-terminal.ts';
export * from './replace-file.ts';
export * from './signals.ts';
export * from './sqlite.ts';
export * from './standard-streams.ts';
export * from './stat.ts';
export * from './surroundings.ts';
export * from './system-error.ts';
export * from './terminal.ts';
export * from './unix-socket.ts';
export * from './write-aside.ts';
export * from './xattr.ts';
