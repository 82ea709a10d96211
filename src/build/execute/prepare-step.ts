// A step made ready: looked up by what it depends on, whoever wants to know. A build executes it where nothing is
// found; a forecast stops there.

import { type FileSource, isImage, type Source, type Step } from '../graph/index.ts';
import type { EvaluatedBuild } from './evaluate-build.ts';
import { type OpenedSource, openContextSource, openNamedSource, openSnapshotSource } from './open-source.ts';
import { prepareRun } from './run-step.ts';
import type { ExecuteServices } from './services.ts';
import { diffIds, type Snapshot } from './snapshot.ts';
import { prepareTransfer } from './transfer-step.ts';
import type { StepWork } from './work.ts';
import { prepareWorkdir } from './workdir-step.ts';

/** A source that is a stack of layers. */
export type LayersSource = Exclude<Source, { kind: 'scratch' }>;

/** What a step stands on and reads from. */
export interface Ground {
  /** The layers below the step. */
  readonly snapshot: Snapshot;
  /** The layers of a stage or an image that the step reads from. */
  readonly layersOf: (from: LayersSource) => Promise<Snapshot>;
}

/**
 * Finds out what a step depends on.
 * @throws MilleError of what it reads: `source-missing`, `network`
 */
export function prepareStep(
  services: ExecuteServices,
  build: EvaluatedBuild,
  { step, ground }: { readonly step: Step; readonly ground: Ground },
): StepWork | Promise<StepWork> {
  const { snapshot } = ground;
  const open = (from: FileSource) => openSource(services, build, { from, step: step.id, ground });
  switch (step.kind) {
    case 'run':
      return prepareRun(services, step, { snapshot, open });
    case 'workdir':
      return prepareWorkdir(services, step, snapshot);
    case 'copy':
    case 'add':
      return prepareTransfer(services, step, { snapshot, open });
  }
}

/** The sources that a step's key depends on: what a new cache mount begins with is none of them. */
export function sourcesOf(step: Step): readonly FileSource[] {
  if (step.kind === 'copy') return [step.from];
  const mounts = step.kind === 'run' ? step.mounts : [];
  return mounts.flatMap((mount) => (mount.type === 'bind' ? [mount.from] : []));
}

/** All sources of a step: those of its key, and those that new cache mounts begin with. */
export function allSourcesOf(step: Step): readonly FileSource[] {
  const mounts = step.kind === 'run' ? step.mounts : [];
  const begun = mounts.flatMap((mount) => (mount.type === 'cache' ? [mount.from] : []));
  return [...sourcesOf(step), ...begun];
}

/** The stages that a step needs. */
export function stagesOf(step: Step): readonly number[] {
  return allSourcesOf(step).flatMap((source) => (source.kind === 'stage' ? [source.stage] : []));
}

async function openSource(
  services: ExecuteServices,
  build: EvaluatedBuild,
  { from, step, ground }: { readonly from: FileSource; readonly step: string; readonly ground: Ground },
): Promise<OpenedSource> {
  if (from.kind === 'build-context') return openContextSource(services);
  if (from.kind === 'context' && !isImage(from)) return await openNamedSource(services, from.name, step);
  if (from.kind === 'scratch') return openSnapshotSource(services, { layers: [] }, 'scratch');
  const snapshot = await ground.layersOf(from);
  await services.travel?.distant.tables(diffIds(snapshot));
  return openSnapshotSource(services, snapshot, nameOf(build, from));
}

function nameOf(build: EvaluatedBuild, from: LayersSource): string {
  if (from.kind === 'image') return `the image ${from.reference}`;
  if (from.kind === 'context') return `the context ${from.name}`;
  const stage = build.plan.stages.find(({ index }) => index === from.stage);
  return `stage ${stage?.from.name ?? from.stage}`;
}
