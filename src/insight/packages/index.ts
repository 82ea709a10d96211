// Room `insight/packages`: which packages an image holds. Reads what package managers leave behind (databases,
// manifests, lists within programs), finds the layer that brought each package, and names them by package URLs. Pure:
// bytes of files in, packages out; nothing is opened, nothing asked of any server. What is read is hostile: sizes,
// counts and depths are bounded, and what is broken becomes a note beside the rest.

export { CARGO_LIMIT, readCargoList } from './cargo.ts';
export { type ClaimedProgram, claimedPrograms } from './claimed.ts';
export {
  type DebianDatabase,
  type DebianPackage,
  debianField,
  packageOfList,
  readDebianDatabase,
  readDebianPackages,
} from './debian-database.ts';
export { finderOf, type UnmetDependency, unmetWithout, withDependencies } from './debian-needs.ts';
export { type DatabaseVersion, firstSeen, type GonePackage, goneSince, identityOf } from './first-seen.ts';
export { type GoScanner, scanForGo } from './go.ts';
export { OS_RELEASE_PATHS, readOsRelease, type SystemName } from './os-release.ts';
export { isLinkerCache, isPackageBook, isPackageDatabase, isSharedBook } from './package-books.ts';
export { nameParts, purlOf } from './purl.ts';
export { distributionOf, isPythonRecord, sizeOfRecord } from './python.ts';
export { isProgram, readerFor, startsLikeProgram } from './readers.ts';
export {
  type FoundPackage,
  type InstalledPackage,
  PACKAGE_TYPES,
  type PackageFile,
  type PackageReader,
  type PackageType,
  type ReaderTools,
  type Reading,
} from './types.ts';
