// Room `insight/compatibility`: what fits on a base and what does not. Programs against the C library and the libraries
// of an image, wheels against its Python and libc, packages by the names they have elsewhere, and why a step failed,
// by what it said. Pure: names, facts of programs and lines of output in, sentences out; nothing is opened.

export { explainFailure, type FailedBase, type FailureReason } from './failure.ts';
export { type BroughtProgram, type Ground, type Misfit, misfitsOf } from './fit.ts';
export { readIndexPage } from './index-page.ts';
export {
  NODE_LOCKS,
  type NodeBuild,
  type NodeLockUse,
  type NodeNeed,
  onMusl,
} from './node-locks/index.ts';
export {
  PACKAGE_NAMES_AS_OF,
  type PackagePlace,
  type PackageThere,
  packageElsewhere,
} from './package-names.ts';
export { PYTHON_LOCKS, readProjectDependencies } from './python-locks.ts';
export { type IndexFile, type Obtained, obtain, satisfies } from './releases.ts';
export {
  normalName,
  type PythonNeed,
  type Requirements,
  readRequirement,
  readRequirements,
} from './requirements.ts';
export { readPlatform, type Wheel, type WheelGround } from './wheels.ts';
