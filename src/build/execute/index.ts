// Room `build/execute`: a plan made real. One file an operation (RUN, COPY and ADD, WORKDIR), the scheduler of
// stages, the way of every step through the cache, and the export of the final files. Everything that touches the
// world is a service handed in; nothing is printed, it is said as events.

export { type AccountFiles, type ProcessUser, resolveProcessUser } from './account.ts';
export { type ContextRead, contextReads } from './context-reads.ts';
export type { Entitlement } from './entitlements.ts';
export { type BaseImage, type EvaluatedBuild, evaluateBuilds, imageOf } from './evaluate-build.ts';
export { type BuiltStage, executeBuilds } from './execute-build.ts';
export { exportDirectory, exportTar, type FilesToExport, type MadeFile } from './export-files.ts';
export { forecastBuilds, type StepForecast, type Verdict } from './forecast.ts';
export type { LeakStep, LeakWatch } from './leaks.ts';
export { memoryTree } from './memory-tree.ts';
export { stagesOf } from './prepare-step.ts';
export { type BuildSecrets, buildSecrets } from './redact.ts';
export { followLinks, type Selection } from './select-sources.ts';
export type { ExecuteServices, FinishedStep, LookedUp, ReadsWatch, Travel } from './services.ts';
export { accountFiles, diffIds, mergedTree, type Snapshot, snapshotOf } from './snapshot.ts';
export { squash } from './squash.ts';
export { placeOf } from './step-key.ts';
export { type Trust, trustBundle } from './trust.ts';
export { chainOf, unreadBases } from './unread-bases.ts';
