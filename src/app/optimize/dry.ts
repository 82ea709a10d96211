// `mille optimize --dry`: what could be better, told without building. What earlier builds left says what steps took and
// made, as far as it is still there; nothing is executed, and nothing is proved.

import { contextReads, placeOf } from '../../build/execute/index.ts';
import { imageKey, isImage, type Source } from '../../build/graph/index.ts';
import { trackedFiles } from '../../build/source/index.ts';
import type { Digest } from '../../core/index.ts';
import { orderOfSteps } from '../../insight/cost/index.ts';
import {
  asWritten,
  type Draft,
  type Evidence,
  knownOfOriginal,
  lookAt,
  type ObservedImage,
  pictureOf,
  propose,
  type Rewrite,
  type StepEvidence,
} from '../../insight/optimize/index.ts';
import { type LookedAt, withReadyBuild } from '../cost/with-ready-build.ts';
import type { BuildOptions } from '../types.ts';
import { hiddenOf } from './hidden-values.ts';
import { hideInResult } from './hide-in-result.ts';
import { checkPlace, contextOf, historyOf, notAFile, notLocal } from './observe.ts';
import { changedTexts, changeOf, ignorePathOf, remarksOf, shownPicture } from './told.ts';
import type { Goal, OptimizeResult } from './types.ts';

/** What to propose. */
export interface DryRequest {
  readonly rewrites: readonly Rewrite[];
  readonly goal: Goal;
  readonly signal: AbortSignal;
}

/** Proposes. @throws MilleError for what would make a build fail before its first step */
export async function optimizeDry(options: BuildOptions, request: DryRequest): Promise<OptimizeResult> {
  checkPlace(options);
  const started = performance.now();
  const work = async (looked: LookedAt): Promise<OptimizeResult> => {
    const result = await proposeFrom(looked, { ...request, options });
    return { ...result, seconds: (performance.now() - started) / 1000 };
  };
  return await withReadyBuild(options, request.signal, work, { doWithout: true });
}

async function proposeFrom(
  looked: LookedAt,
  { rewrites, goal, options }: DryRequest & { readonly options: BuildOptions },
): Promise<OptimizeResult> {
  const { input } = looked.given;
  const { dockerfile } = input;
  const { tree, directory } = input.context();
  if (directory === undefined || directory !== input.contextName) throw notLocal();
  if (dockerfile.path === undefined) throw notAFile();
  const history = await historyOf(looked, directory);
  const { steps, unknown } = stepsOf(looked);
  const evidence: Evidence = {
    ...{ steps, image: imageOf(looked, steps), noise: new Set() },
    context: contextOf(tree, await trackedFiles({ directory, signal: looked.signal })),
    ...(typeof history === 'string' ? {} : { history }),
    unwatched: 'nothing was built',
    unbuilt: true,
  };
  const ignore = input.ignoreRules()?.source;
  const { images } = looked.ready.builds[0]!;
  const ignorePath = ignorePathOf({ path: dockerfile.path, directory, ...(ignore ? { ignore } : {}) });
  const around = {
    ...{ options: looked.ready.settings, evidence, goal, ignorePath },
    image: ({ key }: { readonly key: string }) => images.get(key)?.config,
  };
  const original: Draft = {
    source: dockerfile.source,
    ...(ignore ? { ignoreText: ignore.text } : {}),
    known: knownOfOriginal(evidence),
  };
  const proposed = propose(original, around, { rewrites });
  const picture = (draft: Draft) => shownPicture(pictureOf(lookAt(draft, around), {}));
  const result: OptimizeResult = {
    ...{ dockerfile: dockerfile.source, context: directory, goal, seconds: 0 },
    changes: proposed.applied.map((one) => changeOf(one, 'unproved')),
    left: remarksOf(
      rewrites,
      asWritten(lookAt(proposed.draft, around), lookAt(original, around).lint.dockerfile),
      dockerfile.source,
    ),
    files: changedTexts(original, { proposed, path: dockerfile.path, ignorePath }),
    reckoned: {
      before: picture(original),
      ...(proposed.applied.length === 0 ? {} : { after: picture(proposed.draft) }),
    },
    notes: [
      ...looked.warnings,
      ...(typeof history === 'string' ? [`how often files change is not known: ${history}`] : []),
      ...(unknown === 0
        ? []
        : [
            `${unknown === 1 ? '1 step' : `${unknown} steps`} never ran here: what ${unknown === 1 ? 'it takes' : 'they take'} is a guess, and nothing is known of what ${unknown === 1 ? 'it makes' : 'they make'}`,
          ]),
    ],
  };
  const { hideTold } = hiddenOf(options, { subject: lookAt(original, around), directory });
  return hideInResult(result, hideTold);
}

/** What the last run of each step took, and what it made, where that run was of this very step. */
function stepsOf({ ready, execute }: LookedAt): {
  readonly steps: readonly StepEvidence[];
  readonly unknown: number;
} {
  const all = orderOfSteps(ready.builds).flatMap(({ step }) => (step ? [step] : []));
  const steps = all.flatMap((step): StepEvidence[] => {
    const latest = execute.cache.latest(placeOf(execute, step));
    if (!latest) return [];
    const { seconds, result } = latest.record;
    const layer = latest.of === 'step' ? result.layer : undefined;
    const isThere = layer !== undefined && execute.store.layer(layer.diffId) !== undefined;
    const copies =
      step.kind === 'copy' || step.kind === 'add'
        ? contextReads(execute, step).flatMap(({ files }) => files)
        : [];
    return [
      {
        ...{ id: step.id, title: step.title, kind: step.kind, seconds },
        ...(step.span ? { start: step.span.start } : {}),
        ...(layer ? { layer: layer.diffId, bytes: layer.size } : {}),
        ...(isThere ? { table: execute.store.toc(layer.diffId) } : {}),
        ...(copies.length === 0 ? {} : { copies }),
      },
    ];
  });
  return { steps, unknown: all.length - steps.length };
}

/** The image as far as its layers are known: those of its base, and those that steps made. */
function imageOf({ ready, execute }: LookedAt, steps: readonly StepEvidence[]): ObservedImage {
  const { plan, images } = ready.builds[0]!;
  const stages = new Set<number>();
  let source: Source | undefined = { kind: 'stage', stage: plan.target };
  while (source?.kind === 'stage' && !stages.has(source.stage)) {
    const stage: number = source.stage;
    stages.add(stage);
    source = plan.stages.find(({ index }) => index === stage)?.base;
  }
  const base = source && isImage(source) ? images.get(imageKey(source)) : undefined;
  const below = base?.config.rootfs.diff_ids ?? [];
  const own = steps.flatMap(({ id, layer }) =>
    layer !== undefined && stages.has(Number(id.split('.')[0])) ? [layer] : [],
  );
  const layers = [...below, ...own].flatMap((diffId) => {
    const stored = execute.store.layer(diffId);
    return stored ? [{ diffId, size: stored.info.size, table: execute.store.toc(diffId) }] : [];
  });
  return {
    ...{ imageId: UNKNOWN, config: base?.config ?? { ...NO_CONFIG, ...plan.platform } },
    diffIds: layers.map(({ diffId }) => diffId),
    tables: layers.map(({ table }) => table),
    ...{ bytes: layers.reduce((sum, { size }) => sum + size, 0), sent: 0 },
  };
}

/** Nothing was built. */
const UNKNOWN = `sha256:${'0'.repeat(64)}` as Digest;
const NO_CONFIG = { rootfs: { type: 'layers', diff_ids: [] } } as const;
