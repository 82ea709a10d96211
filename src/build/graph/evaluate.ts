// A stage evaluated: a fold over its instructions, each of which changes the state and may give a step. Every word
// is expanded with the variables from before its line.

import { MilleError, type Span } from '../../core/index.ts';
import { type ContainerConfig, parseReference } from '../../oci/image/index.ts';
import { declareArguments } from './arguments.ts';
import { baseStep } from './base-step.ts';
import { configChange } from './config-instructions.ts';
import { madeFor } from './made-for.ts';
import type { BuildPlan, PlannedInstruction, PlannedStage } from './plan.ts';
import { runStep } from './run-step.ts';
import {
  addHistory,
  type ConfigChange,
  expand,
  historyEntry,
  nextPlace,
  type Scope,
  stepBase,
} from './scope.ts';
import { openStage, type StageState } from './stage-state.ts';
import type { Step } from './step.ts';
import { stepTitle, TitleCounter } from './title.ts';
import type { InstructionTrace } from './trace.ts';
import { addStep, copyStep } from './transfer-step.ts';
import { normalizeWorkdir } from './workdir.ts';

/** FROM with an image, as people see it. */
export interface FromStep {
  /** `stage.from`. */
  readonly id: string;
  /** `[stage-1 1/5] FROM image`. */
  readonly title: string;
  readonly span: Span;
}

/** What evaluating a stage gives. */
export interface StageEvaluation {
  readonly stage: number;
  /** Numbered steps in order. A `WORKDIR /` is none. */
  readonly steps: readonly Step[];
  /** The config before the first instruction: what FROM gave. */
  readonly configBefore: ContainerConfig;
  /** After the last instruction; also what a stage built on this one starts from. */
  readonly state: StageState;
  readonly trace: readonly InstructionTrace[];
  /** FROM, where its base is an image from outside: a step that only brings layers. */
  readonly from?: FromStep;
}

/**
 * Evaluates a planned stage.
 * @param base what the stage stands on: `scratchState`, `imageState`, or the state of another stage.
 * @param trace is filled as instructions are evaluated, so that it can be looked at also where evaluating fails.
 * @throws MilleError `expansion` or `dockerfile-syntax`, with the place in the Dockerfile.
 */
export function evaluateStage(
  plan: BuildPlan,
  stage: PlannedStage,
  base: StageState,
  trace: InstructionTrace[] = [],
): StageEvaluation {
  // What stands in the place of a whole stage stays as it is.
  const opened = stage.replaced ? base : openStage(base);
  const scope: Scope = {
    plan,
    stage,
    state: opened,
    steps: [],
    titles: new TitleCounter(stage.displayName, stage.total),
    cmdSet: false,
    expansions: [],
  };
  const from = openBase(scope);
  stage.instructions.forEach((planned, position) => {
    scope.expansions = [];
    trace.push({ planned, before: scope.state, expansions: scope.expansions });
    try {
      evaluateInstruction(scope, planned, position);
    } catch (error) {
      const span = planned.trigger ? stage.from.span : planned.instruction.span;
      throw error instanceof MilleError ? error.at(span) : error;
    }
  });
  return {
    stage: stage.index,
    steps: scope.steps,
    configBefore: opened.config,
    state: scope.state,
    trace,
    ...(from ? { from } : {}),
  };
}

/**
 * FROM of what comes from outside has a number. Where it is a tree of files it is a step too.
 * @returns what it is where it is none
 */
function openBase(scope: Scope): FromStep | undefined {
  const { base } = scope.stage;
  if (base.kind === 'scratch' || base.kind === 'stage') return undefined;
  const { amongOthers } = scope.plan;
  const place = scope.titles.next(amongOthers ? madeFor(scope.stage.platform) : undefined);
  const name = base.kind === 'image' ? fullName(base.reference) : `${base.name} (named context)`;
  const title = stepTitle(place, `FROM ${name}`);
  if (base.kind === 'image' || base.holds === 'image') {
    const { index, from } = scope.stage;
    return { id: `${index}.from`, title, span: from.span };
  }
  baseStep(scope, base, { title, number: place.number });
  return undefined;
}

/** A reference with registry and tag, as titles show it. */
function fullName(text: string): string {
  const { registry, repository, tag, digest } = parseReference(text);
  const suffix = `${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
  return `${registry}/${repository}${suffix}`;
}

function evaluateInstruction(scope: Scope, planned: PlannedInstruction, position: number): void {
  const { instruction } = planned;
  switch (instruction.kind) {
    case 'arg':
      declareArguments(scope, instruction);
      return;
    case 'run':
      runStep(scope, { ...planned, instruction }, position);
      return;
    case 'copy':
      copyStep(scope, { ...planned, instruction }, position);
      return;
    case 'add':
      addStep(scope, { ...planned, instruction }, position);
      return;
    case 'workdir':
      workdirStep(scope, planned, position);
      return;
    case 'env':
    case 'label':
    case 'user':
    case 'expose':
    case 'volume':
    case 'cmd':
    case 'entrypoint':
    case 'shell':
    case 'stopsignal':
    case 'healthcheck':
    case 'onbuild':
    case 'maintainer': {
      const change = configChange(scope, instruction);
      if (instruction.kind === 'cmd') scope.cmdSet = true;
      apply(scope, change);
      return;
    }
  }
}

function apply(scope: Scope, { config, author, variables = [], history }: ConfigChange): void {
  scope.state = {
    ...scope.state,
    ...(config ? { config } : {}),
    ...(author === undefined ? {} : { author }),
    environment: scope.state.environment.with(...variables),
  };
  if (history !== undefined) addHistory(scope, { ...historyEntry(history), empty_layer: true });
}

function workdirStep(scope: Scope, planned: PlannedInstruction, position: number): void {
  const { instruction } = planned;
  if (instruction.kind !== 'workdir') return;
  const path = normalizeWorkdir(scope.state.config.WorkingDir ?? '', expand(scope, instruction.path));
  const config = { ...scope.state.config, WorkingDir: path };
  scope.state = { ...scope.state, config, workdirSet: true };
  const entry = historyEntry(`WORKDIR ${path}`);
  if (path === '/') {
    addHistory(scope, { ...entry, empty_layer: true });
    return;
  }
  const place = nextPlace(scope);
  const base = stepBase(scope, planned, position);
  scope.steps.push({
    ...base,
    kind: 'workdir',
    number: place.number,
    title: stepTitle(place, scope.titles.describe(scope, instruction.text), planned.trigger),
    configAfter: config,
    history: entry,
    path,
    user: config.User ?? '',
  });
  addHistory(scope, entry, base.id);
}
