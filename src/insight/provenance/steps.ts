// The steps of a build in the shape of BuildKit's low-level definition, as far as provenance shows it: sources, commands
// with their environment and mounts, files that are copied or made. It describes what was executed here; nothing reads
// it back.

import type { PlannedStage, Step } from '../../build/graph/index.ts';
import { DefinitionWriter } from './definition-writer.ts';
import { type DescribedOp, type Describer, linesOf, type StepsInput, sourceOutput } from './describer.ts';
import { execOf } from './exec-step.ts';
import { copyOf, mkdirOf } from './file-steps.ts';
import type { BuildSteps } from './types.ts';

/** Describes the steps of a build, what its target needs and in that order. */
export function stepsOf(input: StepsInput): Omit<BuildSteps, 'dockerfile'> {
  const writer = new DefinitionWriter();
  const done = new Map<number, string | undefined>();
  const describer: Describer = {
    input,
    writer,
    stage: (index) => {
      if (done.has(index)) return done.get(index);
      const stage = input.plan.stages.find((one) => one.index === index);
      const last = stage && describeStage(describer, stage);
      done.set(index, last);
      return last;
    },
  };
  writer.end(describer.stage(input.plan.target));
  return writer.result();
}

function describeStage(describer: Describer, stage: PlannedStage): string | undefined {
  const { input, writer } = describer;
  let last = sourceOutput(describer, stage.base, stage.platform);
  if (last !== undefined && stage.base.kind !== 'stage') writer.locate(last, linesOf(stage.from.span));
  for (const step of input.evaluations.get(stage.index)?.steps ?? []) {
    const { op, inputs } = opOf(describer, step, last);
    last = writer.add(op, { inputs, ...(step.kind === 'run' ? { platform: step.platform } : {}) });
    writer.locate(last, linesOf(step.span));
    const layers = input.layersAfter(step.id);
    if (layers) writer.layered(last, layers);
  }
  return last;
}

function opOf(describer: Describer, step: Step, below: string | undefined): DescribedOp {
  if (step.kind === 'run') return execOf(describer, step, below);
  if (step.kind === 'workdir') return mkdirOf(step.path, below);
  return copyOf(describer, step, below);
}
