// What an instruction sees while its stage is evaluated, and how it adds to the result.

import { redactUrls } from '../../core/index.ts';
import {
  type CachePolicy,
  cachePolicyOf,
  type Expansion,
  expandWord,
  type StageInstruction,
  type Word,
} from '../../lang/dockerfile/index.ts';
import type { ContainerConfig, HistoryEntry } from '../../oci/image/index.ts';
import type { Variable } from './environment.ts';
import { madeFor } from './made-for.ts';
import type { BuildPlan, PlannedStage } from './plan.ts';
import type { StageState } from './stage-state.ts';
import type { Step } from './step.ts';
import type { StepPlace, TitleCounter } from './title.ts';
import type { WordExpansion } from './trace.ts';

/** The comment on every history entry made here. */
const HISTORY_COMMENT = 'millefeuille';

/** What the instructions see while a stage is evaluated. */
export interface Scope {
  readonly plan: BuildPlan;
  readonly stage: PlannedStage;
  state: StageState;
  readonly steps: Step[];
  readonly titles: TitleCounter;
  /** Whether the stage itself has set CMD, so that ENTRYPOINT leaves it. */
  cmdSet: boolean;
  /** What the words of the present instruction came to. */
  expansions: WordExpansion[];
}

/** What a config-only instruction changes; what is absent stays. */
export interface ConfigChange {
  readonly config?: ContainerConfig;
  readonly author?: string;
  readonly variables?: readonly Variable[];
  /** The text of the history entry; ONBUILD alone makes none. */
  readonly history?: string;
}

/** A history entry in this builder's name. */
export function historyEntry(text: string): HistoryEntry {
  return { created_by: text, comment: HISTORY_COMMENT };
}

/** Appends to the history; `step` is the step that may make a layer for the entry. */
export function addHistory(scope: Scope, entry: HistoryEntry, step?: string): void {
  const item = { entry, ...(step === undefined ? {} : { step }) };
  scope.state = { ...scope.state, history: [...scope.state.history, item] };
}

/** A word with the variables of the scope expanded and its quotes removed. */
export function expand(scope: Scope, word: Word): string {
  return noteExpansion(scope, word, expandWord(word, wordOptions(scope))).text;
}

/** How words are expanded in a scope. */
export function wordOptions({ state, plan }: Scope) {
  return { lookup: state.environment.lookup, escape: plan.escape };
}

/** Keeps what a word came to, for whoever looks at the evaluation; returns it. */
export function noteExpansion(scope: Scope, word: Word, expansion: Expansion): Expansion {
  scope.expansions.push({ word, expansion, state: scope.state });
  return expansion;
}

/** The place of the next step in its stage, for its title. */
export function nextPlace({ plan, state, titles }: Scope): StepPlace {
  return titles.next(plan.amongOthers ? madeFor(state.platform, state.environment) : undefined);
}

/** What every step has, except for its kind's own fields. */
export function stepBase(
  scope: Scope,
  { instruction, trigger }: { readonly instruction: StageInstruction; readonly trigger: boolean },
  position: number,
) {
  return {
    id: `${scope.stage.index}.${position}`,
    stage: scope.stage.index,
    position,
    ...(trigger ? {} : { span: instruction.span }),
    instruction: redactUrls(instruction.text),
    total: scope.stage.total,
    platform: scope.state.platform,
    madeFor: madeFor(scope.state.platform, scope.state.environment),
    ...cachePolicy(scope.stage, instruction),
  };
}

/** Its own, or that of the whole stage. */
function cachePolicy({ from }: PlannedStage, { node }: StageInstruction): { cachePolicy?: CachePolicy } {
  const policy = cachePolicyOf(node.comments) ?? cachePolicyOf(from.node.comments);
  return policy ? { cachePolicy: policy } : {};
}
