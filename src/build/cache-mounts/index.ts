// Room `build/cache-mounts`: what RUN --mount=type=cache keeps between builds, one directory each. Which directory a
// mount has, who used it, what it takes; cleared, written to archives and read from them, never while a build uses it.
// It mounts nothing and runs nothing.

export { clearMounts } from './clear.ts';
export { exportMounts, mountInUse } from './export.ts';
export { type MountIdentity, mountHash } from './identity.ts';
export { type Imported, type ImportedMount, importMounts } from './import.ts';
export { listMounts, type MountInfo } from './list.ts';
export { lockOf, markUsed, type OpenMount, openMount } from './open.ts';
export { type MountUse, noteMountUse } from './users.ts';
