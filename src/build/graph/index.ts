// Room `build/graph`: instructions → steps. A plan says which stages a target needs and where their files come
// from; evaluating a stage folds over its instructions and gives the steps to execute, fully expanded, with the
// image config and history after each. Also the named inputs of a step that are known before anything ran, and the
// image config at the end. Pure: nothing is read, run or hashed here, and no clock is asked.

export { baseTriggers, outsideState } from './base-images.ts';
export { shellOf, withShell } from './config-instructions.ts';
export { type ContextHolds, contextName, type NamedContexts } from './context-name.ts';
export * from './context-origins.ts';
export * from './environment.ts';
export * from './evaluate.ts';
export { evaluatePlan } from './evaluate-plan.ts';
export { type FileFacts, fileInput, readFileInput } from './file-input.ts';
export * from './finish-config.ts';
export * from './git-input.ts';
export { type GlobalScopeOptions, globalScope } from './global-scope.ts';
export { type ImageRequest, type ImageSource, imageKey, isImage } from './image-request.ts';
export * from './named-input.ts';
export * from './outline.ts';
export * from './plan.ts';
export type * from './reads.ts';
export { ofPlatform, sayingPlatform } from './saying-platform.ts';
export { SharedSteps } from './share-steps.ts';
export * from './stage-state.ts';
export * from './step.ts';
export { type BuildTarget, targetsOf } from './targets.ts';
export type * from './trace.ts';
export { resolveDestination } from './workdir.ts';
