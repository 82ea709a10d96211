// Room `build/cache-travel`: the cache of steps where it travels: its document, its blobs as an OCI artifact that any
// registry and any directory keeps, and imported caches behind that of a store. It executes nothing. What comes from
// elsewhere is bounded and its bytes are verified; what it says is believed, as far as it can be: see the docs on trust.
// No secret, no salted value and no path of this machine goes out.

export { type AdoptedCache, adoptCache } from './adopt-cache.ts';
export type { StepDone, TravelContent } from './compose.ts';
export { composeDocument, distinctSteps } from './compose.ts';
export { checkCacheDirectory, readDirectoryPlace, writeDirectoryPlace } from './directory-place.ts';
export type { TravelDocument, TravelRecord } from './document.ts';
export { type DistantBase, type ImportedCaches, importCaches } from './imported-caches.ts';
export { INLINE_KEY } from './media.ts';
export { type OpenedCache, openTravelCaches } from './open-cache.ts';
export type { ReadingPlace, WritingPlace } from './place.ts';
export { readRegistryPlace, writeRegistryPlace } from './registry-place.ts';
export { type WrittenCache, writeTravelCache } from './write-cache.ts';
