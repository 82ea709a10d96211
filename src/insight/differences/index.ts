// Room `insight/differences`: two images compared. Their files, packages and configs; each difference with the layer
// that caused it, and what is mere noise told apart. No I/O: tables of contents, inventories and configs are handed in.

export { ofSameLine, sameInstructions, sharedLayers } from './causes.ts';
export { compareConfigs } from './config.ts';
export { compareFiles, type Stack } from './files.ts';
export { type ChangeGroup, groupChanges, type ShownChange } from './groups.ts';
export { comparePackages, type OwnPackage } from './packages.ts';
export type * from './types.ts';
