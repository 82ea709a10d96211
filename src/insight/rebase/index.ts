// Room `insight/rebase`: whether an image's own layers can stand on another base than the one they were made on, and what
// its config is then. Pure: tables of contents, configs and facts of programs in, findings and a config out.

export { type Accounts, accountConcerns, readAccounts } from './accounts.ts';
export { type ConfigMerge, mergeConfigs } from './config.ts';
export { ownHistory, ownMakers } from './history.ts';
export { pathConcerns } from './paths.ts';
export { programConcerns } from './programs.ts';
export type { Concern, ConcernKind, OwnLayer, RebaseSubject } from './types.ts';
