// What evaluating a stage went through, instruction by instruction, for whoever explains or checks a Dockerfile.

import type { Expansion, Word } from '../../lang/dockerfile/index.ts';
import type { PlannedInstruction } from './plan.ts';
import type { StageState } from './stage-state.ts';

/** A word that was expanded, what it came to, and the state in which it was. */
export interface WordExpansion {
  readonly word: Word;
  readonly expansion: Expansion;
  /** Within a line of ARG a later word sees the earlier ones. */
  readonly state: StageState;
}

/** An instruction as it was evaluated. */
export interface InstructionTrace {
  readonly planned: PlannedInstruction;
  readonly before: StageState;
  /** In the order in which they were expanded; where evaluating failed, those until then. */
  readonly expansions: readonly WordExpansion[];
}
