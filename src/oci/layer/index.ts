// Room `oci/layer`: layers as data. Writes and reads their tars, knows what is in them without unpacking (tables
// of contents, merged trees, archives seen as trees), unpacks them for overlayfs and reads back what a command
// changed. Everything streams: no file and no layer is ever held in memory. What comes in is hostile until
// checked: no name and no link leads out of the directory it is unpacked to. It knows no store, no registry, no
// Dockerfile and starts nothing.

export { isTarArchive, openTarArchive, openTarTree, type SpoolOptions } from './archive-tree.ts';
export {
  ColumnMerge,
  type ColumnObserver,
  ColumnTree,
  type EarlierMeaning,
  EntryTable,
  Integers,
  NONE,
  Numbers,
  ROOT,
} from './columns/index.ts';
export { contentId } from './content-id.ts';
export { EarlierTar } from './earlier-tar.ts';
export { foreseeLayer } from './foresee-layer.ts';
export { type MergeObserver, type MergeState, mergeTables } from './merge.ts';
export { createTreePacker, type TreePacker } from './pack-trees.ts';
export { readContents } from './read-contents.ts';
export { copyAndScan, type ScanOptions, scanLayer } from './scan.ts';
export { isSelfContained } from './self-contained.ts';
export { type SnapshotSources, snapshotTree } from './snapshot-tree.ts';
export { type TableDifference, tableDifferences } from './table-differences.ts';
export { type ReadingHandler, readTar, type TarHandler } from './tar/parse.ts';
export { decodeEntries, decodeToc, encodeToc } from './toc-codec.ts';
export type { TreeSummary } from './tree-digest.ts';
export * from './types.ts';
export { type UnpackOptions, type UnpackResult, unpackLayer } from './unpack.ts';
export { type UnpackingAside, unpackAside } from './unpack-aside.ts';
export { type TreesExpected, type UnpackedTrees, unpackTrees } from './unpack-trees.ts';
export { type UpperOptions, upperEntries } from './upper.ts';
export { type WriteOptions, writeLayer } from './write.ts';
