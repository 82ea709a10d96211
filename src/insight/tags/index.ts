// Room `insight/tags`: what the names of tags say. A tag falls into version, distribution, variant, channel and date;
// tags are sorted and chosen, those that stay are told from those that move on, and what has an end of its support is
// told when. Pure: names go in, and no clock and no registry is asked; the dates of life cycles are data, with the
// day they are of.

export { compareTags } from './compare.ts';
export { decodeTag } from './decode.ts';
export type { DecodedTag, TagDistribution } from './decoded.ts';
export { withCodename } from './distributions.ts';
export { type Family, familyOf, isWhole, lineOf } from './families.ts';
export { matchesTag, serverHint, type TagFilter } from './filter.ts';
export { isFixed } from './floating.ts';
export { type Cycle, LIFE_CYCLES, type LifeCycles, type Product } from './life-cycles.ts';
export {
  joinLifeCycles,
  type LifeCycleChange,
  lifeCycleChanges,
  type RefreshedProduct,
  type RefreshedProducts,
  readEndOfLife,
  readRefreshed,
  writeRefreshed,
} from './refreshed.ts';
export { type Ending, type Support, supportOf } from './support.ts';
export { compareVersions, parseVersion, type TagVersion } from './version.ts';
export { architectureOf } from './words.ts';
