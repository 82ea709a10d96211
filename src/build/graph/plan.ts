// Which stages a target needs, in order, and where each gets its files. Stages that nothing needs are not looked at
// beyond their names, so that an error in one of them does not matter, as with BuildKit.

import { MilleError } from '../../core/index.ts';
import {
  type ArgInstruction,
  type Dockerfile,
  type Escape,
  expandWord,
  type FromInstruction,
  parseTrigger,
  type Stage,
  type StageInstruction,
} from '../../lang/dockerfile/index.ts';
import { formatPlatform, type Platform, parsePlatform } from '../../oci/image/index.ts';
import { builderWarnings } from './builder-arguments.ts';
import type { NamedContexts } from './context-name.ts';
import { type BuildArgs, globalScope, targetPlatform, unusedArguments } from './global-scope.ts';
import { type ImageRequest, requestedImages } from './image-request.ts';
import { checkCycles, reachable } from './reachable.ts';
import { copySource, mountSource, StageNames, unknownTarget } from './stage-names.ts';
import type { FileSource, Source } from './step.ts';

/** What a build is asked to do with a Dockerfile. */
export interface PlanOptions {
  readonly dockerfile: Dockerfile;
  /** Name or number of a stage; the last one by default. */
  readonly target?: string;
  /** Plan every stage. Those that the target does not need have no ONBUILD triggers, as when BuildKit checks a file. */
  readonly allStages?: boolean;
  readonly buildArgs?: BuildArgs;
  readonly hostPlatform: Platform;
  /** As written by the user; the host's by default. */
  readonly platform?: string;
  /** It is one of several that are built at once: titles say which. */
  readonly amongOthers?: boolean;
  /** How RUN reaches the network where it does not say itself. */
  readonly network?: 'default' | 'host' | 'none';
  /** Seconds; RUN sees it as `SOURCE_DATE_EPOCH`, whether declared or not. */
  readonly sourceDateEpoch?: number;
  /** What `--build-context` gives: each hides the stage or image of its name. */
  readonly contexts?: NamedContexts;
  /** ONBUILD of the images that stages stand on, by stage, once the caller has resolved them. */
  readonly triggers?: ReadonlyMap<number, readonly string[]>;
}

/** An instruction of a stage, where its files come from if it reads any, and whether a base image brought it. */
export interface PlannedInstruction {
  readonly instruction: StageInstruction;
  /** COPY: one source. RUN: one for each `--mount`. */
  readonly sources: readonly FileSource[];
  readonly trigger: boolean;
}

/** A stage that the target needs. */
export interface PlannedStage {
  readonly index: number;
  readonly name?: string;
  /** What titles call it: its name, `stage-N`, or '' when it is the only one. */
  readonly displayName: string;
  readonly from: FromInstruction;
  readonly base: Source;
  /** A named context stands in its place: it is the base, and there are no instructions. */
  readonly replaced?: true;
  readonly platform: Platform;
  readonly instructions: readonly PlannedInstruction[];
  /** Numbered steps, FROM included when the base comes from outside. */
  readonly total: number;
  /** The stages whose files it needs, its base included, sorted. */
  readonly dependencies: readonly number[];
}

export interface BuildPlan {
  /** Reachable stages in the order of the file: each comes after what it depends on. */
  readonly stages: readonly PlannedStage[];
  readonly target: number;
  readonly images: readonly ImageRequest[];
  readonly platform: Platform;
  /** The platform that the image is said to be for, whatever its base says; absent where none was asked for. */
  readonly imagePlatform?: Platform;
  /** Titles of steps say which platform they are of. */
  readonly amongOthers: boolean;
  /** Platform arguments and ARG before the first FROM. */
  readonly globalArgs: ReadonlyMap<string, string>;
  readonly buildArgs: BuildArgs;
  readonly escape: Escape;
  readonly network: 'default' | 'host' | 'none';
  readonly sourceDateEpoch?: number;
  readonly warnings: readonly string[];
}

/**
 * Plans a build.
 * @throws MilleError `unknown-stage` for a target or a `--from` that is not there, comes later or goes in a circle;
 * `dockerfile-syntax` for an empty base; `reference-invalid`; `platform-unsupported`; `expansion`.
 */
export function planBuild(options: PlanOptions): BuildPlan {
  const { dockerfile } = options;
  const buildArgs = withEpoch(options);
  const platform = targetPlatform(options);
  const globalArgs = globalScope(options);
  const planner: Planner = {
    options,
    platform,
    globalArgs,
    names: new StageNames(options.contexts ?? new Map()),
  };
  const drafts = dockerfile.stages.map((stage) => planStage(planner, stage));
  const target =
    options.target === undefined ? drafts.at(-1)?.index : planner.names.find(options.target, drafts.length);
  if (target === undefined) throw unknownTarget(options.target ?? '', dockerfile.stages);
  const { connected, needed } = connectAll(planner, drafts, target);
  const stages = options.allStages ? connected : connected.filter((stage) => needed.has(stage.index));
  checkCycles(connected, new Set(stages.map(({ index }) => index)));
  checkSystems(stages, platform);
  const single = drafts.length === 1 && !connected.some(readsUnregistered);
  return {
    stages: single ? stages.map((stage) => ({ ...stage, displayName: '' })) : stages,
    target,
    images: requestedImages(stages, dockerfile),
    platform,
    ...(options.platform === undefined ? {} : { imagePlatform: platform }),
    amongOthers: options.amongOthers ?? false,
    globalArgs,
    buildArgs,
    escape: dockerfile.escape,
    network: options.network ?? 'default',
    ...(options.sourceDateEpoch === undefined ? {} : { sourceDateEpoch: options.sourceDateEpoch }),
    warnings: [
      ...builderWarnings(buildArgs),
      ...argumentWarnings(buildArgs, declaredArgs(dockerfile)),
      ...contextWarnings(options.contexts ?? new Map(), connected),
    ],
  };
}

/** An ARG of this name has the time, wherever that came from; a build argument is as it was given. */
function withEpoch({ buildArgs = {}, sourceDateEpoch }: PlanOptions): BuildArgs {
  return sourceDateEpoch === undefined
    ? buildArgs
    : { SOURCE_DATE_EPOCH: String(sourceDateEpoch), ...buildArgs };
}

interface Planner {
  readonly options: PlanOptions;
  readonly platform: Platform;
  readonly globalArgs: ReadonlyMap<string, string>;
  readonly names: StageNames;
}

/** A stage before its instructions' sources are known: those may name later stages. */
type Draft = Omit<PlannedStage, 'instructions' | 'dependencies' | 'total'> & {
  readonly stage: Stage;
};

function planStage(planner: Planner, stage: Stage): Draft {
  const { from } = stage;
  const base = expandGlobal(planner, from.base);
  if (base === '') {
    throw new MilleError('dockerfile-syntax', `the base image of FROM is empty: ${from.base.text}`, {
      hint: 'give the ARG a default before FROM, or pass it with --build-arg',
      span: from.base.span,
    });
  }
  const asked = from.platform ? stagePlatform(planner, from) : planner.platform;
  const source = planner.names.base(base, from, asked);
  const context = planner.names.add(from.name, stage.index, asked);
  // Nothing is there that could be for another platform.
  const platform = source.kind === 'scratch' && !context ? planner.platform : asked;
  return {
    stage: context ? { ...stage, instructions: [] } : stage,
    ...(context ? { replaced: true } : {}),
    index: stage.index,
    ...(from.name === undefined ? {} : { name: from.name }),
    displayName: from.name ?? `stage-${stage.index}`,
    from,
    base: context ?? source,
    platform,
  };
}

function stagePlatform(planner: Planner, from: FromInstruction): Platform {
  const word = from.platform as NonNullable<FromInstruction['platform']>;
  const text = expandGlobal(planner, word);
  if (text === '') {
    throw new MilleError('platform-unsupported', `the platform of FROM is empty: ${word.text}`, {
      hint: 'write os/architecture, for example linux/amd64',
      span: word.span,
    });
  }
  try {
    return parsePlatform(text, planner.options.hostPlatform);
  } catch (error) {
    throw error instanceof MilleError ? error.at(word.span) : error;
  }
}

function expandGlobal(planner: Planner, word: FromInstruction['base']): string {
  const lookup = (name: string): string | undefined => planner.globalArgs.get(name);
  return expandWord(word, { lookup, escape: planner.options.dockerfile.escape }).text;
}

/** Connects every stage. Triggers count in those that the target needs only, as in BuildKit: in others they may be broken. */
function connectAll(
  planner: Planner,
  drafts: readonly Draft[],
  target: number,
): { readonly connected: readonly PlannedStage[]; readonly needed: ReadonlySet<number> } {
  const triggered = new Map<number, PlannedStage>();
  const needed = reachable((index) => {
    const draft = drafts[index] as Draft;
    const stage = connect(planner, draft, { drafts, triggers: triggersOf(planner, draft, drafts) });
    triggered.set(index, stage);
    return stage.dependencies;
  }, target);
  const connected = drafts.map(
    (draft) => triggered.get(draft.index) ?? connect(planner, draft, { drafts, triggers: [] }),
  );
  return { connected, needed };
}

function connect(
  planner: Planner,
  draft: Draft,
  around: { readonly drafts: readonly Draft[]; readonly triggers: readonly StageInstruction[] },
): PlannedStage {
  const { stage, ...rest } = draft;
  const platform = basePlatform(draft, around.drafts);
  const triggers = around.triggers.map((instruction) => ({ instruction, trigger: true }));
  const own = stage.instructions.map((instruction) => ({ instruction, trigger: false }));
  const instructions = [...triggers, ...own].map(({ instruction, trigger }): PlannedInstruction => {
    return { instruction, trigger, sources: sourcesOf(planner, instruction) };
  });
  const sources: readonly FileSource[] = [draft.base, ...instructions.flatMap((one) => one.sources)];
  const used = sources.flatMap((source) => (source.kind === 'stage' ? [source.stage] : []));
  const outside = draft.base.kind === 'image' || draft.base.kind === 'context';
  // BuildKit counts every trigger, also those that are no step.
  const numbered = instructions.filter(
    ({ instruction, trigger }) => trigger || /^(run|copy|add|workdir)$/.test(instruction.kind),
  );
  return {
    ...rest,
    platform,
    instructions,
    total: numbered.length + (outside ? 1 : 0),
    dependencies: [...new Set(used)].sort((a, b) => a - b),
  };
}

/** A stage on another stage has its platform. */
function basePlatform(draft: Draft, drafts: readonly Draft[]): Platform {
  if (draft.base.kind !== 'stage') return draft.platform;
  const base = drafts[draft.base.stage];
  return base ? basePlatform(base, drafts) : draft.platform;
}

/** ONBUILD of the base: of the image's config, or as written in the stage it stands on. */
function triggersOf(planner: Planner, draft: Draft, drafts: readonly Draft[]): StageInstruction[] {
  const { base } = draft;
  // As in BuildKit, an image in the place of a stage triggers nothing.
  if (base.kind === 'context' && base.replaces === 'stage') return [];
  const texts =
    base.kind === 'stage'
      ? (drafts[base.stage]?.stage.instructions ?? []).flatMap((one) =>
          one.kind === 'onbuild' ? [one.expression] : [],
        )
      : (planner.options.triggers?.get(draft.index) ?? []);
  return texts.map((text) => {
    const name = `ONBUILD of ${draft.from.base.text}`;
    const instruction = parseTrigger({ name, text });
    if (instruction.kind !== 'from') return instruction;
    throw new MilleError('dockerfile-syntax', 'FROM cannot be a trigger of ONBUILD', {
      span: draft.from.span,
    });
  });
}

/** Images that are only read from are those of the target's platform, whatever the stage's own is. */
function sourcesOf({ names, platform }: Planner, instruction: StageInstruction): readonly FileSource[] {
  if (instruction.kind === 'copy') return [copySource(names, instruction, platform)];
  if (instruction.kind !== 'run') return [];
  return instruction.mounts.map((mount) => mountSource(names, mount, platform));
}

/** @throws MilleError `platform-unsupported` */
function checkSystems(stages: readonly PlannedStage[], target: Platform): void {
  for (const { from, platform } of [{ from: undefined, platform: target }, ...stages]) {
    if (platform.os === 'linux') continue;
    const span = from?.platform?.span;
    throw new MilleError('platform-unsupported', `cannot build for ${formatPlatform(platform)}`, {
      hint: 'only images for Linux can be built here',
      ...(span ? { span } : {}),
    });
  }
}

/** Whether BuildKit would count another stage for it, which shows in titles: an image of --from, or any mount. */
function readsUnregistered(stage: PlannedStage): boolean {
  return stage.instructions.some(({ instruction, sources }) =>
    instruction.kind === 'run'
      ? sources.some((source) => source.kind !== 'stage')
      : sources.some((s) => s.kind === 'image'),
  );
}

function declaredArgs(dockerfile: Dockerfile): readonly ArgInstruction[] {
  const inStages = dockerfile.stages.flatMap((stage) => stage.instructions);
  return [...dockerfile.globalArgs, ...inStages.filter((one): one is ArgInstruction => one.kind === 'arg')];
}

function argumentWarnings(buildArgs: BuildArgs, declared: readonly ArgInstruction[]): readonly string[] {
  const unused = unusedArguments(buildArgs, declared);
  if (unused.length === 0) return [];
  const be = unused.length === 1 ? 'build argument was' : 'build arguments were';
  return [
    `${unused.length === 1 ? 'this' : 'these'} ${be} not used, for no ARG declares ${unused.length === 1 ? 'it' : 'them'}: ${unused.join(', ')}`,
  ];
}

/** A misspelt name is noticed by nothing else: the image of that name would be taken. */
function contextWarnings(contexts: NamedContexts, stages: readonly PlannedStage[]): readonly string[] {
  const sources = stages.flatMap(({ base, instructions }) => [
    base,
    ...instructions.flatMap((one) => one.sources),
  ]);
  const used = new Set(sources.flatMap((source) => (source.kind === 'context' ? [source.name] : [])));
  return [...contexts.keys()]
    .filter((name) => !used.has(name))
    .map((name) => `the build context ${name} was not used, for nothing in the Dockerfile has its name`);
}
