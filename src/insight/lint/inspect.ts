// A Dockerfile looked at without being built: as deep as it can be understood, up to the first thing that is wrong.
// Nothing has to be there: a base image that is not is unknown, and no more.

import {
  type BuildPlan,
  baseTriggers,
  evaluateStage,
  type ImageRequest,
  type InstructionTrace,
  outsideState,
  type PlanOptions,
  planBuild,
  type StageEvaluation,
  type StageState,
  scratchState,
} from '../../build/graph/index.ts';
import { MilleError, type SourceText } from '../../core/index.ts';
import { type Dockerfile, inspectDockerfile } from '../../lang/dockerfile/index.ts';
import { createIgnoreMatcher, type IgnoreRules } from '../../lang/ignore/index.ts';
import type { ImageConfig } from '../../oci/image/index.ts';
import type { ContextFacts } from './context-facts.ts';
import { emptyFromScope, fromScope } from './from-scope.ts';
import { DEFAULT_LINT_OPTIONS, type LintOptions } from './options.ts';
import type { RunFacts } from './run-facts.ts';
import { builtInstructions, type Images, type LintSubject, type StageFacts } from './subject.ts';

/** What to look at, and with which arguments. */
export interface InspectRequest {
  readonly source: SourceText;
  /** As for a build. Without a target every stage is looked at. */
  readonly options: Omit<PlanOptions, 'dockerfile' | 'triggers' | 'allStages'>;
  /** The config of an image; undefined where it is not there. */
  readonly image: (request: ImageRequest) => ImageConfig | undefined;
  readonly ignore?: IgnoreRules;
  /** For the rules of `mille lint`: their options, and what reads commands, which others need not load. */
  readonly lint?: {
    readonly options: LintOptions;
    readonly readRuns: (dockerfile: Dockerfile, stages: readonly StageFacts[]) => readonly RunFacts[];
    readonly context?: ContextFacts;
  };
}

/** What there is to look at, and the first thing that would make a build fail. */
export interface Inspection {
  readonly subject: LintSubject;
  readonly error?: MilleError;
  /** References of base images that are not there. */
  readonly missingImages: readonly string[];
}

/** Looks at a Dockerfile. Never throws for what is wrong with it. */
export function inspectForLint(request: InspectRequest): Inspection {
  const { source, options, ignore } = request;
  const { dockerfile, errors } = inspectDockerfile(source);
  const runs = (stages: readonly StageFacts[]) =>
    once(() => request.lint?.readRuns(dockerfile, stages) ?? []);
  const base = {
    dockerfile,
    complete: errors.length === 0,
    froms: emptyFromScope(options),
    stages: [],
    built: [],
    images: new Map(),
    ...ignoreFacts(ignore),
    runs: runs([]),
    options: request.lint?.options ?? DEFAULT_LINT_OPTIONS,
    ...(request.lint?.context ? { context: request.lint.context } : {}),
  } satisfies LintSubject;
  if (errors[0]) return { subject: base, error: errors[0], missingImages: [] };
  const scope = attempt(() => fromScope({ dockerfile, ...options }));
  if ('error' in scope) return { subject: base, error: scope.error, missingImages: [] };
  const subject = { ...base, froms: scope.value };
  const planned = attempt(() => planForLint(request, dockerfile));
  if ('error' in planned) return { subject, error: planned.error, missingImages: [] };
  const { plan, images } = planned.value;
  const { stages, error } = evaluateStages(plan, images);
  return {
    subject: {
      ...subject,
      stages,
      built: builtInstructions(stages),
      images,
      runs: runs(stages),
    },
    ...(error ? { error } : {}),
    missingImages: plan.images.flatMap((request) => (images.has(request.key) ? [] : [request.reference])),
  };
}

/** A build whose stages have been evaluated, and the ignore file of its context. */
export interface CheckedBuild {
  readonly plan: BuildPlan;
  /** By `imageKey`. */
  readonly images: Images;
  readonly evaluations: ReadonlyMap<number, StageEvaluation>;
  readonly ignore: IgnoreRules | undefined;
}

/** The subject of a build. */
export function subjectOfBuild(
  dockerfile: Dockerfile,
  settings: InspectRequest['options'],
  { plan, images, evaluations, ignore }: CheckedBuild,
): LintSubject {
  const stages = plan.stages.map((stage) => ({
    stage,
    trace: evaluations.get(stage.index)?.trace ?? [],
    baseKnown: true,
  }));
  return {
    dockerfile,
    complete: true,
    froms: fromScope({ dockerfile, ...settings }),
    stages,
    built: builtInstructions(stages),
    images,
    ...ignoreFacts(ignore),
    runs: () => [],
    options: DEFAULT_LINT_OPTIONS,
  };
}

/** What is worked out when first asked for. */
function once<T>(work: () => T): () => T {
  let done: { readonly value: T } | undefined;
  return () => {
    done ??= { value: work() };
    return done.value;
  };
}

function ignoreFacts(ignore: IgnoreRules | undefined): Pick<LintSubject, 'ignore'> {
  return ignore ? { ignore: { rules: ignore.rules, matcher: createIgnoreMatcher(ignore) } } : {};
}

/** Plans twice where base images bring triggers, like a build. */
function planForLint(
  request: InspectRequest,
  dockerfile: Dockerfile,
): { readonly plan: BuildPlan; readonly images: Images } {
  const all = { ...request.options, dockerfile, allStages: request.options.target === undefined };
  const plan = planBuild(all);
  const images = imagesFor(request, plan);
  const triggers = baseTriggers(plan, images);
  if (triggers.size === 0) return { plan, images };
  const full = planBuild({ ...all, triggers });
  return { plan: full, images: imagesFor(request, full) };
}

/** The images of a plan that are there. */
function imagesFor({ image }: InspectRequest, plan: BuildPlan): Images {
  const found = plan.images.flatMap((request): [string, { config: ImageConfig }][] => {
    const config = image(request);
    return config ? [[request.key, { config }]] : [];
  });
  return new Map(found);
}

/** Evaluates stage by stage until one fails. */
function evaluateStages(
  plan: BuildPlan,
  images: Images,
): { stages: readonly StageFacts[]; error?: MilleError } {
  const stages: StageFacts[] = [];
  const ends = new Map<number, { readonly state: StageState; readonly known: boolean }>();
  for (const stage of plan.stages) {
    const below = stage.base.kind === 'stage' ? ends.get(stage.base.stage) : undefined;
    const outside = below ? undefined : outsideState(stage, images);
    const start = below ?? { state: outside ?? scratchState(stage.platform), known: outside !== undefined };
    const trace: InstructionTrace[] = [];
    stages.push({ stage, trace, baseKnown: start.known });
    const evaluated = attempt(() => evaluateStage(plan, stage, start.state, trace));
    if ('error' in evaluated) return { stages, error: evaluated.error };
    ends.set(stage.index, { state: evaluated.value.state, known: start.known });
  }
  return { stages };
}

function attempt<T>(work: () => T): { readonly value: T } | { readonly error: MilleError } {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof MilleError) return { error };
    throw error;
  }
}
