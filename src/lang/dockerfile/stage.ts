// Instructions → what stands before the first FROM, and stages.

import { MilleError } from '../../core/index.ts';
import { lowerCase } from './characters.ts';
import type { ArgInstruction, FromInstruction, Instruction, StageInstruction } from './instruction.ts';

/** What a FROM opens. Its name is `from.name`; `index` counts from 0. */
export interface Stage {
  readonly index: number;
  readonly from: FromInstruction;
  readonly instructions: readonly StageInstruction[];
}

/** The parts of a Dockerfile. */
export interface Stages {
  /** ARG before the first FROM. */
  readonly globalArgs: readonly ArgInstruction[];
  readonly stages: readonly Stage[];
  /** An instruction other than ARG before the first FROM, one for each. */
  readonly errors: readonly MilleError[];
}

/** Groups instructions by stage. */
export function groupStages(instructions: readonly Instruction[]): Stages {
  const globalArgs: ArgInstruction[] = [];
  const stages: { index: number; from: FromInstruction; instructions: StageInstruction[] }[] = [];
  const errors: MilleError[] = [];
  for (const instruction of instructions) {
    const stage = stages.at(-1);
    if (instruction.kind === 'from') {
      stages.push({ index: stages.length, from: instruction, instructions: [] });
    } else if (stage) {
      stage.instructions.push(instruction);
    } else if (instruction.kind === 'arg') {
      globalArgs.push(instruction);
    } else {
      errors.push(
        new MilleError(
          'dockerfile-syntax',
          `${instruction.kind.toUpperCase()} stands before the first FROM`,
          {
            hint: 'only ARG may; begin with FROM and a base image, or FROM scratch',
            span: instruction.span,
          },
        ),
      );
    }
  }
  return { globalArgs, stages, errors };
}

/** The stage that a name or number refers to; names are compared in lower case, a later stage of a name wins. */
export function findStage(stages: readonly Stage[], reference: string): Stage | undefined {
  const lower = lowerCase(reference);
  const named = stages.filter((stage) => stage.from.name === lower).at(-1);
  return named ?? (/^[0-9]+$/.test(reference) ? stages[Number(reference)] : undefined);
}
