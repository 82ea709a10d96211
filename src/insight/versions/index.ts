// Room `insight/versions`: which of two versions of a package is the newer one, as its package manager sees it. One file
// for each order, after its specification. Pure: texts in, an order out; what is no version is said to be none, and
// no text keeps a comparison busy for long.

export { compareVersions, type VersionOrder, versionScheme } from './compare.ts';
export type { Sign, VersionScheme } from './scheme.ts';
