// Which step of a build stands on which: whose result is an input of it, and whose end it waits for. What builds for
// several platforms have in common is there once.

import type { BuildPlan, FileSource, StageEvaluation, Step } from '../../build/graph/index.ts';
import type { Span } from '../../core/index.ts';

/** A step among the others; FROM with an image is one too. */
export interface OrderedStep {
  /** `stage.position`, or `stage.from`. */
  readonly id: string;
  readonly title: string;
  /** The instruction; absent for one that the base image brings. */
  readonly span?: Span;
  /** Absent for FROM. */
  readonly step?: Step;
  /** The steps whose layers it stands on or reads from: when one of them makes something else, it runs again. */
  readonly standsOn: readonly string[];
  /** The steps right before it: it begins when they have ended. */
  readonly waitsFor: readonly string[];
}

/** A build, evaluated. */
export interface EvaluatedPlan {
  readonly plan: BuildPlan;
  readonly evaluations: ReadonlyMap<number, StageEvaluation>;
}

/** All steps of builds, each after those that it waits for. */
export function orderOfSteps(builds: readonly EvaluatedPlan[]): readonly OrderedStep[] {
  const ordered = new Map<string, OrderedStep>();
  for (const build of builds) for (const step of stepsOf(build)) ordered.set(step.id, step);
  return [...ordered.values()];
}

function stepsOf({ plan, evaluations }: EvaluatedPlan): readonly OrderedStep[] {
  const ordered: OrderedStep[] = [];
  /** The steps whose layers a finished stage is made of, bottom first. */
  const chains = new Map<number, readonly string[]>();
  for (const stage of plan.stages) {
    const { steps, from } = evaluations.get(stage.index)!;
    const chain = [...(stage.base.kind === 'stage' ? chains.get(stage.base.stage)! : [])];
    if (from) {
      ordered.push({ ...from, standsOn: [], waitsFor: [] });
      chain.push(from.id);
    }
    for (const step of steps) {
      const read = stagesIn(readBy(step)).map((index) => chains.get(index)!);
      const begun = stagesIn(begunWith(step)).map((index) => chains.get(index)!);
      ordered.push({
        ...{ id: step.id, title: step.title, step },
        ...(step.span ? { span: step.span } : {}),
        standsOn: [...new Set([...(isLinked(step) ? [] : chain), ...read.flat()])],
        waitsFor: [chain, ...read, ...begun].flatMap((one) => one.at(-1) ?? []),
      });
      chain.push(step.id);
    }
    chains.set(stage.index, chain);
  }
  return ordered;
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
