// What rules look at: a Dockerfile at every depth it could be understood to, as plain data. What could not be
// understood is absent, and rules have nothing to say about it.

import type { InstructionTrace, PlannedStage } from '../../build/graph/index.ts';
import type { Span } from '../../core/index.ts';
import type {
  Dockerfile,
  Expansion,
  FromInstruction,
  InstructionNode,
  StageInstruction,
  Word,
} from '../../lang/dockerfile/index.ts';
import type { IgnoreMatcher, IgnoreRules } from '../../lang/ignore/index.ts';
import type { ImageConfig, Platform } from '../../oci/image/index.ts';
import type { ContextFacts } from './context-facts.ts';
import type { LintOptions } from './options.ts';
import type { RunFacts } from './run-facts.ts';

/** A Dockerfile as far as it is understood. */
export interface LintSubject {
  readonly dockerfile: Dockerfile;
  /** Whether all of it could be read. What holds for the file as a whole is not known otherwise. */
  readonly complete: boolean;
  /** What FROM lines see and come to. */
  readonly froms: FromScope;
  /** The stages that are built, in order; where evaluating failed, those until then. */
  readonly stages: readonly StageFacts[];
  /** Their instructions, all of them in one list. */
  readonly built: readonly BuiltInstruction[];
  /** The images that stages use, by `imageKey`: those that are there. */
  readonly images: Images;
  /** The ignore file of the context, if it has one. */
  readonly ignore?: { readonly rules: IgnoreRules['rules']; readonly matcher: IgnoreMatcher };
  /** The commands of all RUN of the file, in its order, read when first asked for. For the rules of `mille lint` only. */
  readonly runs: () => readonly RunFacts[];
  readonly options: LintOptions;
  /** What lies in the context, where somebody has looked. */
  readonly context?: ContextFacts;
}

/** Images by `imageKey`. */
export type Images = ReadonlyMap<string, { readonly config: ImageConfig }>;

/** The variables outside the stages, and what FROM lines come to with them. */
export interface FromScope {
  /** Platform arguments and ARG before the first FROM. */
  readonly values: ReadonlyMap<string, string>;
  /** Names that FROM may use: those with a value, and ARG without one. */
  readonly names: readonly string[];
  readonly facts: readonly FromFacts[];
  readonly hostPlatform: Platform;
}

/** What a FROM comes to. A word that cannot be expanded is absent. */
export interface FromFacts {
  readonly from: FromInstruction;
  readonly base?: Expansion;
  /** The base as it would be without any build argument. */
  readonly defaultBase?: string;
  readonly platform?: Expansion;
}

/** A stage as it was evaluated. */
export interface StageFacts {
  readonly stage: PlannedStage;
  readonly trace: readonly InstructionTrace[];
  /** False where an image below it is not there, so that nobody knows its variables. */
  readonly baseKnown: boolean;
}

/** An instruction of a stage that is built, and where to point when something is to be said about it. */
export interface BuiltInstruction extends InstructionTrace {
  readonly facts: StageFacts;
  readonly instruction: StageInstruction;
  /** The instruction itself, or FROM for an ONBUILD trigger that FROM brought. */
  readonly at: InstructionNode;
  /** The place of one of its words, or of FROM. */
  readonly spanOf: (word: Pick<Word, 'span'>) => Span;
}

/** All instructions of some stages. */
export function builtInstructions(stages: readonly StageFacts[]): readonly BuiltInstruction[] {
  return stages.flatMap((facts) => {
    const { from } = facts.stage;
    return facts.trace.map((trace): BuiltInstruction => {
      const { instruction, trigger } = trace.planned;
      const at = trigger ? from.node : instruction.node;
      return { ...trace, facts, instruction, at, spanOf: (word) => (trigger ? from.span : word.span) };
    });
  });
}
