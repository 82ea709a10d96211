// A text with what a build of it was seen to take and make, in the place of what was observed of the original.

import type { Digest } from '../../core/index.ts';
import type { Dockerfile } from '../../lang/dockerfile/index.ts';
import type { ObservedImage, StepEvidence } from './evidence.ts';
import { instructionsOf } from './follow.ts';
import type { Subject } from './subject.ts';

/** What a step did in that build. */
export interface BuiltStep {
  readonly seconds: number;
  readonly bytes?: number;
  readonly layer?: Digest;
}

/** @param runs by the steps' ids. @param image what came of it, where layers are to be known too */
export function asBuilt(
  subject: Subject,
  runs: ReadonlyMap<string, BuiltStep>,
  image?: ObservedImage,
): Subject {
  const known = new Map<number, StepEvidence>();
  const tables = new Map(image?.diffIds.map((diffId, i) => [diffId, image.tables[i]!]));
  for (const { stage, trace } of subject.lint.stages) {
    trace.forEach(({ planned: { instruction, trigger } }, position) => {
      const id = `${stage.index}.${position}`;
      const run = runs.get(id);
      const { kind, text: title, span } = instruction;
      if (!run || trigger) return;
      if (kind !== 'run' && kind !== 'copy' && kind !== 'add' && kind !== 'workdir') return;
      const { bytes: _, ...before } = subject.observed(instruction) ?? { id, title, kind };
      const { seconds, bytes, layer } = run;
      const measured = { ...before, seconds, ...(bytes === undefined ? {} : { bytes }) };
      known.set(span.start, image ? withLayer(measured, layer, tables) : measured);
    });
  }
  const evidence = image ? { ...subject.evidence, image } : subject.evidence;
  return { ...subject, evidence, observed: (instruction) => known.get(instruction.span.start) };
}

function withLayer(
  { layer: _, table: __, ...step }: StepEvidence,
  layer: Digest | undefined,
  tables: ReadonlyMap<Digest, NonNullable<StepEvidence['table']>>,
): StepEvidence {
  const table = layer && tables.get(layer);
  return { ...step, ...(layer === undefined ? {} : { layer }), ...(table ? { table } : {}) };
}

/** The same where nothing was built: of instructions that were changed nothing is known. */
export function asWritten(subject: Subject, original: Dockerfile): Subject {
  const texts = new Map(instructionsOf(original).map(({ span, text }) => [span.start, text]));
  return {
    ...subject,
    observed: (instruction) => {
      const step = subject.observed(instruction);
      return step?.start !== undefined && texts.get(step.start) === instruction.text ? step : undefined;
    },
  };
}
