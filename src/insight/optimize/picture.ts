// A build as a picture shows it: its steps from the base upwards, what each weighs and takes, and after how many of the
// project's commits it runs again.

import type { BuiltInstruction } from '../lint/index.ts';
import { asBuilt, type BuiltStep } from './as-built.ts';
import type { StepEvidence } from './evidence.ts';
import { neededStages, rebuildCost } from './rebuild-cost.ts';
import { makesLayer, type Subject } from './subject.ts';

/** A build. */
export interface Picture {
  readonly steps: readonly PictureStep[];
  /** Seconds that a commit's rebuild takes on average, by the steps' own times. */
  readonly secondsPerCommit: number;
  /** There are too few commits: what they touch is a guess. */
  readonly assumed: boolean;
}

/** A step, or what FROM brings. */
export interface PictureStep {
  readonly kind: 'base' | 'run' | 'copy' | 'add' | 'workdir';
  /** As written, on one line; of FROM too. */
  readonly instruction: string;
  /** From 1, in the text that this is of. */
  readonly line: number;
  /** The stage's name or number; absent where there is one stage only. */
  readonly stage?: string;
  /** Its layer is one of the image's. */
  readonly inImage: boolean;
  /** Of its layer's tar; absent where it makes none, or nobody knows. */
  readonly bytes?: number;
  /** Absent for FROM, and for what was never seen running. */
  readonly seconds?: number;
  /** The share of commits after which it runs again, 0 to 1. */
  readonly rebuilt: number;
}

/** What a build of the text was seen to take and make. */
export interface PictureFacts {
  /** By the steps' ids. Absent: what was observed of the original counts. */
  readonly runs?: ReadonlyMap<string, BuiltStep>;
  /** Of all layers of the image, where that is known. */
  readonly imageBytes?: number;
}

/** Draws it. */
export function pictureOf(looked: Subject, { runs, imageBytes }: PictureFacts): Picture {
  const subject = runs ? asBuilt(looked, runs) : looked;
  const { shares, secondsPerCommit, assumed } = rebuildCost(subject);
  const needed = neededStages(subject);
  const inImage = chainOf(subject, needed);
  const stages = subject.lint.stages.filter(({ stage }) => needed.has(stage.index));
  const named = (index: number) => {
    const { name } = subject.lint.stages.find(({ stage }) => stage.index === index)!.stage;
    return stages.length > 1 ? { stage: name ?? String(index) } : {};
  };
  const steps = stages.flatMap(({ stage: { index, base, from }, trace }): PictureStep[] => [
    ...(base.kind === 'stage'
      ? []
      : [
          {
            ...{ kind: 'base' as const, instruction: from.text, line: from.node.line, ...named(index) },
            ...{ inImage: inImage.has(index), rebuilt: 0 },
          },
        ]),
    ...trace.flatMap(({ planned }): PictureStep[] => {
      const built = subject.lint.built.find((one) => one.planned === planned);
      if (!built || !isStep(built)) return [];
      const known = subject.observed(built.instruction);
      return [
        {
          ...{ kind: built.instruction.kind, instruction: built.instruction.text, ...named(index) },
          ...{ line: built.at.line, inImage: inImage.has(index), rebuilt: shares.get(built) ?? 0 },
          ...(known ? { seconds: known.seconds } : {}),
          ...(known?.bytes === undefined ? {} : { bytes: known.bytes }),
        },
      ];
    }),
  ]);
  return { steps: withBase(steps, imageBytes), secondsPerCommit, assumed };
}

type StepInstruction = BuiltInstruction['instruction'] & { readonly kind: StepEvidence['kind'] };

function isStep(
  built: BuiltInstruction,
): built is BuiltInstruction & { readonly instruction: StepInstruction } {
  return makesLayer(built.instruction);
}

/** The stages whose layers the image has. */
function chainOf({ lint }: Subject, needed: ReadonlySet<number>): ReadonlySet<number> {
  const chain = new Set<number>();
  let at: number | undefined = [...needed][0];
  while (at !== undefined && !chain.has(at)) {
    chain.add(at);
    const base = lint.stages.find(({ stage }) => stage.index === at)?.stage.base;
    at = base?.kind === 'stage' ? base.stage : undefined;
  }
  return chain;
}

/** What the steps do not weigh, the base does. */
function withBase(steps: readonly PictureStep[], imageBytes: number | undefined): readonly PictureStep[] {
  if (imageBytes === undefined) return steps;
  const own = steps.reduce((sum, { inImage, bytes = 0 }) => sum + (inImage ? bytes : 0), 0);
  return steps.map((step) =>
    step.kind === 'base' && step.inImage ? { ...step, bytes: Math.max(0, imageBytes - own) } : step,
  );
}
