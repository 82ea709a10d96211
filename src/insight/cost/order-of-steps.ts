// Which step of a build stands on which: whose result is an input of it, and whose end it waits for.

import {
  type BuildPlan,
  type FileSource,
  isImage,
  type PlannedStage,
  type StageEvaluation,
  type Step,
} from '../../build/graph/index.ts';

/** A step among the others; FROM with an image is one too. */
export interface OrderedStep {
  /** `stage.position`, or `stage.from`. */
  readonly id: string;
  readonly title: string;
  /** Absent for FROM. */
  readonly step?: Step;
  /** The steps whose layers it stands on or reads from: when one of them makes something else, it runs again. */
  readonly standsOn: readonly string[];
  /** The steps right before it: it begins when they have ended. */
  readonly waitsFor: readonly string[];
}

/** All steps of a build, each after those that it waits for. */
export function orderOfSteps(
  plan: BuildPlan,
  evaluations: ReadonlyMap<number, StageEvaluation>,
): readonly OrderedStep[] {
  const ordered: OrderedStep[] = [];
  /** The steps whose layers a finished stage is made of, bottom first. */
  const chains = new Map<number, readonly string[]>();
  for (const stage of plan.stages) {
    const { steps, fromTitle = '' } = evaluations.get(stage.index)!;
    const chain = [...(stage.base.kind === 'stage' ? chains.get(stage.base.stage)! : [])];
    if (isImage(stage.base)) {
      const id = fromId(stage);
      ordered.push({ id, title: fromTitle, standsOn: [], waitsFor: [] });
      chain.push(id);
    }
    for (const step of steps) {
      const read = stagesIn(readBy(step)).map((index) => chains.get(index)!);
      const begun = stagesIn(begunWith(step)).map((index) => chains.get(index)!);
      ordered.push({
        ...{ id: step.id, title: step.title, step },
        standsOn: [...new Set([...(isLinked(step) ? [] : chain), ...read.flat()])],
        waitsFor: [chain, ...read, ...begun].flatMap((one) => one.at(-1) ?? []),
      });
      chain.push(step.id);
    }
    chains.set(stage.index, chain);
  }
  return ordered;
}

function fromId({ index }: PlannedStage): string {
  return `${index}.from`;
}

/** COPY --link makes its layer without a look at those below. */
function isLinked(step: Step): boolean {
  return (step.kind === 'copy' || step.kind === 'add') && step.link;
}

function readBy(step: Step): readonly FileSource[] {
  if (step.kind === 'copy') return [step.from];
  const mounts = step.kind === 'run' ? step.mounts : [];
  return mounts.flatMap((mount) => (mount.type === 'bind' ? [mount.from] : []));
}

/** What new cache mounts begin with: to be waited for, but no input. */
function begunWith(step: Step): readonly FileSource[] {
  const mounts = step.kind === 'run' ? step.mounts : [];
  return mounts.flatMap((mount) => (mount.type === 'cache' ? [mount.from] : []));
}

function stagesIn(sources: readonly FileSource[]): readonly number[] {
  return sources.flatMap((source) => (source.kind === 'stage' ? [source.stage] : []));
}
