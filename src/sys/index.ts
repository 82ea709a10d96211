// Room `sys`: the only room that knows Bun, node:* or the C library. Files, extended attributes, device nodes,
// hashing, processes, SQLite, compression. It knows no image, no Dockerfile and no policy.

export { CWD, O } from './calls.ts';
export * from './files.ts';
export * from './hash.ts';
export * from './http.ts';
export * from './process.ts';
export * from './stat.ts';
export * from './system-error.ts';
export * from './xattr.ts';
