// Room `oci/store`: what is on disk. Blobs, layers with their tables of contents and unpacked forms, images and
// names, temporary directories, archives in and out. Shared by any number of processes; whatever is visible under
// its final name is complete, whoever was killed when. It builds nothing, runs nothing and asks no registry; what
// the build cache keeps in the database is not its business.

export {
  type ArchiveChoice,
  type ArchivedImage,
  type ArchivedLayer,
  openArchivedImage,
} from './archive/archived-image.ts';
export type { ImageToSave } from './archive/bundle.ts';
export { checkLayout } from './archive/layout-files.ts';
export { type LayoutChoice, type LayoutImageFound, openLayoutImage } from './archive/layout-image.ts';
export { type LayoutSource, openLayoutSource } from './archive/layout-source.ts';
export { type LayoutName, type LayoutWriter, openLayoutWriter } from './archive/layout-writer.ts';
export { type LoadedImage, type LoadOptions, loadArchive } from './archive/load.ts';
export { type LayoutToPack, packLayout } from './archive/pack-layout.ts';
export {
  type LayerPacking,
  needsPacking,
  packedLayer,
  rememberedPacking,
  rememberPacking,
  repackLayer,
} from './archive/repack.ts';
export { saveArchive } from './archive/save.ts';
export { saveLayout } from './archive/save-layout.ts';
export { blobsOfAttestation, type StoredAttestation } from './attestations.ts';
export type { BlobInfo, Blobs, BlobWriter, BlobWriterOptions } from './blobs.ts';
export type { Room, RoomOptions, StoreLimit } from './budget.ts';
export type { Claimable, Claims, Held, Take } from './claims.ts';
export type { Collected } from './collect.ts';
export { imageTitle } from './damage.ts';
export type { DistantBlob, Origins } from './distant-blobs.ts';
export {
  type BringProgress,
  type DistantLayer,
  type DistantLayers,
  withDistantLayers,
} from './distant-layers.ts';
export { hostPlatform } from './host-platform.ts';
export type {
  DamagedImage,
  ImageDocuments,
  ImageEntry,
  Images,
  ImageToKeep,
  StoredImage,
} from './images.ts';
export type { Indexes, IndexMember, StoredIndex } from './indexes.ts';
export type { Layers, NewLayer, StoredLayer } from './layers.ts';
export { defaultStoreRoot, type StorePaths } from './layout.ts';
export { type ReceivedImage, receiveLayers } from './receive.ts';
export { type PromisedLayer, receivePlain } from './receive-plain.ts';
export type { Roots } from './references.ts';
export type { RemovedUnpacked } from './remove-unpacked.ts';
export type { Privilege } from './schema.ts';
export { type StampedDirectory, stampOf } from './sizes.ts';
export { type OpenOptions, openStore, type Store } from './store.ts';
export { lowerNames, type Unpacked, type UnpackedLayer, type UnpackProgress } from './unpacked.ts';
export type { BlobUsage, NamedUsage, StoreUsage, TemporaryUsage, UnpackedUsage } from './usage.ts';
export type { ProblemKind, StoreProblem } from './verify/problem.ts';
export type { Temporary } from './workspace.ts';
