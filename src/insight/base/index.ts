// Room `insight/base`: base images. Makes one from a distribution's own packages, for places where no registry can
// be reached or trusted: reads which mirrors the host uses, runs mmdebstrap with them, and turns the result into a
// small root file system that is the same for the same package versions. It stores nothing and tags nothing. And says
// what could stand in the place of a base, from the images of its repository and what a Dockerfile does with it.

export { type Account, parseAccount } from './accounts.ts';
export { type Libc, libcOf } from './alternatives/libc.ts';
export type { Parts, PythonPart } from './alternatives/parts.ts';
export { COMPILERS } from './alternatives/parts.ts';
export {
  type NamedPart,
  type PartsGround,
  type PartsOnBase,
  partsOnBase,
} from './alternatives/parts-on-base.ts';
export { type Choice, proposeBases } from './alternatives/propose.ts';
export { type ShellUse, withoutShell } from './alternatives/shellless.ts';
export type { Alternative, AlternativeKind, BaseUse, KnownImage, Risk } from './alternatives/types.ts';
export type { AptSource } from './apt-source.ts';
export { debianArchitecture } from './architecture.ts';
export {
  type BasePlan,
  lockOf,
  type OmittedPackage,
  type PlannedPackage,
  planBase,
} from './base-plan.ts';
export { bootstrapBase } from './bootstrap.ts';
export type { Distribution, HostSources, WantedSuite } from './choose-sources.ts';
export type { Package } from './dpkg-status.ts';
export { type BaseLock, formatLock, parseLock } from './lock-file.ts';
export type { BootstrapProgress } from './progress.ts';
export { type BootstrapOutcome, type BootstrapRequest, checkRequest, type Profile } from './request.ts';
export { type ChooseFromRequest, chooseFrom, type StageFrom } from './set/choose-from.ts';
export { type EditedFrom, type EditFromRequest, editFrom, type FromChange } from './set/edit-from.ts';
