// Room `build/cache`: what earlier builds did. A step's key is the hash of its named inputs; a record says what a
// step with that key produced, and keeps the inputs, so that a miss can be explained and equal content recognised.
// It executes nothing and holds no layer: a record whose layer is gone is simply no hit. Secret values never get in.

export type { PartialStep } from './alike.ts';
export {
  type BuildRecord,
  type BuildStageRecord,
  type BuildStepRecord,
  madeImage,
  scopeOf,
} from './build-record.ts';
export { type Cache, type CacheOptions, type LatestRun, openCache } from './cache.ts';
export { type Difference, type ParentName, wordReasons } from './compare.ts';
export { concealed, isHidden } from './concealed.ts';
export type { ExplainRequest } from './explain.ts';
export type { ComparedRecord, Comparison, Explanation } from './explanation.ts';
export { keyOf } from './key.ts';
export type { RunOf } from './latest.ts';
export type { RecordInfo } from './listing.ts';
export type { CachedResult, NewRecord, StepPlaceInBuild, StepRecord, StepWarning } from './record.ts';
export { storedInput } from './stored-inputs.ts';
export { type StoredStep, storedSteps } from './stored-steps.ts';
