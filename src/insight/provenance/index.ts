// Room `insight/provenance`: what a build says of itself, as SLSA provenance in the shape of BuildKit's, and the
// statements about images that carry it. Pure: facts of a build go in, documents come out; no clock is asked, nothing is
// hashed, and what must not be told is handed in as a function that hides it.

export type { StepsInput } from './describer.ts';
export * from './image-url.ts';
export { slsa1 } from './slsa1.ts';
export { slsa02 } from './slsa02.ts';
export * from './statement.ts';
export { stepsOf } from './steps.ts';
export type * from './types.ts';
