// Builds for several platforms have steps in common: those of stages FROM --platform=$BUILDPLATFORM, until something
// there depends on the target. Such a step is one, which its id says: it is shown once, and executed once.

import { formatPlatform } from '../../oci/image/index.ts';
import type { StageEvaluation } from './evaluate.ts';
import { imageKey, isImage } from './image-request.ts';
import type { BuildPlan, PlannedStage } from './plan.ts';
import type { FileSource, Step } from './step.ts';

/** Gives the steps of several builds their ids. */
export class SharedSteps {
  /** The ids of steps by all that they are. */
  readonly #known = new Map<string, string>();
  readonly #taken = new Set<string>();

  /**
   * A namer for the stages of one build, each after those that it needs. What is the same as in an earlier build gets
   * its ids; other steps whose ids are taken are told apart by their platform.
   */
  namer(plan: BuildPlan): (stage: PlannedStage, evaluation: StageEvaluation) => StageEvaluation {
    /** The last step of each stage, or what else it is made of. */
    const ends = new Map<number, string>();
    const contentOf = (source: FileSource): string => {
      if (source.kind === 'stage') return ends.get(source.stage) ?? '';
      return isImage(source) ? imageKey(source) : JSON.stringify(source);
    };
    const target = formatPlatform(plan.platform);
    return (stage, evaluation) => {
      let below = contentOf(stage.base);
      const { from } = evaluation;
      const named = from && { ...from, id: this.#name(from.id, JSON.stringify([from.title, below]), target) };
      const names = new Map<string, string>();
      const steps = evaluation.steps.map((step) => {
        const all = JSON.stringify([below, { ...step, span: undefined }, sourcesOf(step).map(contentOf)]);
        below = this.#name(step.id, all, target);
        names.set(step.id, below);
        return { ...step, id: below };
      });
      ends.set(stage.index, below);
      return { ...evaluation, ...(named ? { from: named } : {}), ...renamed(evaluation, steps, names) };
    };
  }

  #name(id: string, all: string, target: string): string {
    const known = this.#known.get(all);
    if (known !== undefined) return known;
    const name = this.#taken.has(id) ? `${id}@${target}` : id;
    this.#taken.add(name);
    this.#known.set(all, name);
    return name;
  }
}

function renamed(
  { state }: StageEvaluation,
  steps: readonly Step[],
  names: ReadonlyMap<string, string>,
): Pick<StageEvaluation, 'steps' | 'state'> {
  const history = state.history.map((item) => {
    const name = item.step === undefined ? undefined : names.get(item.step);
    return name === undefined ? item : { ...item, step: name };
  });
  return { steps, state: { ...state, history } };
}

function sourcesOf(step: Step): readonly FileSource[] {
  if (step.kind === 'copy') return [step.from];
  const mounts = step.kind === 'run' ? step.mounts : [];
  return mounts.flatMap((mount) => ('from' in mount ? [mount.from] : []));
}
