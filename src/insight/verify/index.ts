// Room `insight/verify`: is it the same? Two images compared as a rewrite has to be judged: what the original differs in
// from itself is noise, what a rewrite said it would change is allowed, and the rest is a reason to refuse it. Pure: who
// builds, runs and measures is `app/optimize`.

export * from './judge.ts';
export { type FilePlace, filesToRead, type Normaliser, normaliserOf } from './left-out.ts';
export { type Noise, noiseOf, noisyPaths, type OtherBuild } from './noise.ts';
export type { PackageFacts } from './packages.ts';
export type * from './types.ts';
