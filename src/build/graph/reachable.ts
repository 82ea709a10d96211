// The stages that a target needs, and the check that none of them needs itself or a later one.

import { MilleError, type Span } from '../../core/index.ts';
import type { PlannedStage } from './plan.ts';

/**
 * The target and everything it needs, by index.
 * @param dependenciesOf is asked once for each of them
 */
export function reachable(
  dependenciesOf: (index: number) => readonly number[],
  target: number,
): ReadonlySet<number> {
  const seen = new Set<number>();
  const open = [target];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (seen.has(index)) continue;
    seen.add(index);
    open.push(...dependenciesOf(index));
  }
  return seen;
}

/** @throws MilleError `unknown-stage` when a needed stage reads from itself or from a later one. */
export function checkCycles(stages: readonly PlannedStage[], needed: ReadonlySet<number>): void {
  for (const stage of stages) {
    if (!needed.has(stage.index)) continue;
    const bad = stage.dependencies.find((dependency) => dependency >= stage.index);
    if (bad === undefined) continue;
    const own = stage.displayName || `stage ${stage.index}`;
    const other = stages[bad]?.displayName ?? `stage ${bad}`;
    const circular = bad === stage.index || dependsOn(stages, bad, stage.index);
    const message = circular
      ? bad === stage.index
        ? `circular dependency: stage ${JSON.stringify(own)} needs itself`
        : `circular dependency between the stages ${JSON.stringify(own)} and ${JSON.stringify(other)}`
      : `stage ${JSON.stringify(own)} needs stage ${JSON.stringify(other)}, which is defined after it`;
    throw new MilleError('unknown-stage', message, {
      hint: circular ? 'a stage can read only from stages above it' : `move stage ${other} above ${own}`,
      span: spanOf(stage, bad),
    });
  }
}

function dependsOn(stages: readonly PlannedStage[], from: number, to: number): boolean {
  return reachable((index) => stages[index]?.dependencies ?? [], from).has(to);
}

function spanOf(stage: PlannedStage, dependency: number): Span {
  const user = stage.instructions.find(({ sources }) =>
    sources.some((source) => source.kind === 'stage' && source.stage === dependency),
  );
  return user && !user.trigger ? user.instruction.span : stage.from.span;
}
