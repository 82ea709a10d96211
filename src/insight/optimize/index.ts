// Room `insight/optimize`: better Dockerfiles. What was observed of a project goes in, changed texts come out, each change
// with its evidence, what it claims, and what it may change in the image. One file a rewrite. Pure: nothing is built or
// measured here, and nothing is believed: `insight/verify` judges what was built.

export { asBuilt, asWritten, type BuiltStep } from './as-built.ts';
export { javaRelease, jreImageOf } from './build-stage/jre.ts';
export { type CompilerBase, plainImageOf, standsOnCompiler } from './build-stage/on-compiler.ts';
export { type Change, changed } from './change.ts';
export { type CopyOfImage, copiesOfImage } from './context-copies.ts';
export * from './evidence.ts';
export { instructionsOf } from './follow.ts';
export { limitOf } from './limit.ts';
export {
  type InstalledTree,
  type PackageFacts,
  packageFacts,
  readInstalledTree,
} from './node/installed-tree.ts';
export { NODE_MANAGERS, type NodeManagerName } from './node/managers.ts';
export { type NodeProject, readNodeProject } from './node/project.ts';
export { modulesIn, NODE_SOURCE } from './node/started-modules.ts';
export { keyOf } from './own-work.ts';
export { type Picture, type PictureFacts, type PictureStep, pictureOf } from './picture.ts';
export { type Applied, type Proposed, propose } from './propose.ts';
export type { RebuildCost } from './rebuild-cost.ts';
export type {
  Allowance,
  Claim,
  Expected,
  Goal,
  Proposal,
  Remark,
  Rewrite,
  RewriteExample,
  SecretInstead,
} from './rewrite.ts';
export { mayDivide } from './rewrites/build-stage.ts';
export { mayStartItself } from './rewrites/hygiene.ts';
export { REWRITES } from './rewrites/index.ts';
export { rewritePage, rewritesPage } from './rewrites-page.ts';
export { type Stratum, stratumOf } from './strata.ts';
export { type Draft, knownOfOriginal, lookAt, type Subject, type Surroundings } from './subject.ts';
export { type RefusedNames, suspectOf } from './suspect.ts';
