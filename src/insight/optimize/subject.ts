// What rewrites look at: a Dockerfile as it is now, at every depth it is understood to, with what was observed of the
// original's steps.

import { MilleError, type SourceText } from '../../core/index.ts';
import type { Instruction, StageInstruction } from '../../lang/dockerfile/index.ts';
import { parseIgnore } from '../../lang/ignore/index.ts';
import {
  type BuiltInstruction,
  DEFAULT_LINT_OPTIONS,
  type InspectRequest,
  inspectForLint,
  type LintSubject,
  readRuns,
} from '../lint/index.ts';
import type { ContextFile, Evidence, StepEvidence } from './evidence.ts';
import type { Known } from './follow.ts';
import { neededStages } from './needed-stages.ts';
import type { Goal } from './rewrite.ts';

/** A Dockerfile and what is known of it. */
export interface Subject {
  /** The text, its syntax, its stages evaluated, the commands of RUN, as lint's rules see them. */
  readonly lint: LintSubject;
  readonly evidence: Evidence;
  /** What was observed of an instruction: of one of the original, wherever it stands now. */
  readonly observed: (instruction: Instruction) => StepEvidence | undefined;
  /** The files of the context that a build with the ignore file as it is now would see. */
  readonly context: readonly ContextFile[];
  /** The ignore file as it is now, and whether it is the Dockerfile's own. */
  readonly ignoreFile: { readonly path: string; readonly text?: string };
  readonly goal: Goal;
  /** What all of this is of, for whoever tries a change before it is proposed (`changed`). */
  readonly draft: Draft;
  readonly around: Surroundings;
}

/** What stays the same while a text is changed again and again. */
export interface Surroundings {
  readonly options: InspectRequest['options'];
  readonly image: InspectRequest['image'];
  readonly evidence: Evidence;
  readonly ignorePath: string;
  readonly goal: Goal;
}

/** A text with its ignore file. */
export interface Draft {
  readonly source: SourceText;
  readonly ignoreText?: string;
  /** What was observed of its instructions, by where they begin. */
  readonly known: Known<StepEvidence>;
}

/** What was observed, by where instructions begin in the original. */
export function knownOfOriginal({ steps }: Evidence): Known<StepEvidence> {
  return new Map(steps.flatMap((step) => (step.start === undefined ? [] : [[step.start, step]])));
}

/** Looks at a draft. @throws MilleError for one that would not build: a syntax error, a stage that is not there */
export function lookAt(draft: Draft, around: Surroundings): Subject {
  const { source, ignoreText, known } = draft;
  const { options, image, evidence, ignorePath, goal } = around;
  const ignore = ignoreText === undefined ? undefined : parseIgnore({ name: ignorePath, text: ignoreText });
  const { subject, error, missingImages } = inspectForLint({
    ...{ source, options, image },
    ...(ignore ? { ignore } : {}),
    lint: { options: DEFAULT_LINT_OPTIONS, readRuns },
  });
  if (error) throw error;
  const needed = neededStages({ lint: subject, around });
  // Those of stages that are not built are nobody's concern.
  if (
    missingImages.length > 0 &&
    subject.stages.some(({ stage, baseKnown }) => !baseKnown && needed.has(stage.index))
  )
    throw new MilleError('image-missing', `the base image ${missingImages[0]} is not in the store`);
  const isIgnored = subject.ignore?.matcher.isIgnored ?? (() => false);
  return {
    ...{ lint: subject, evidence, goal, draft, around },
    observed: (instruction) => known.get(instruction.span.start),
    context: evidence.context.filter(({ path }) => !isIgnored(path)),
    ignoreFile: { path: ignorePath, ...(ignoreText === undefined ? {} : { text: ignoreText }) },
  };
}

/** The instructions of a stage as they were evaluated, what its base brings left out. */
export function builtOf({ lint }: Subject, stage: number): readonly BuiltInstruction[] {
  return lint.built.filter(({ facts, planned }) => facts.stage.index === stage && !planned.trigger);
}

/** Whether an instruction makes a layer, or may. */
export function makesLayer({ kind }: StageInstruction): boolean {
  return kind === 'run' || kind === 'copy' || kind === 'add' || kind === 'workdir';
}
