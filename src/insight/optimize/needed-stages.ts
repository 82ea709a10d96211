// Which stages a build makes.

import type { Subject } from './subject.ts';

type Asked = Pick<Subject, 'lint' | 'around'>;

/** The stage that is built, by its number. */
export function targetOf({ lint, around }: Asked): number | undefined {
  const { target } = around.options;
  const stages = lint.stages.map(({ stage }) => stage);
  const found = stages.find(
    ({ index, name }) => target !== undefined && (name === target.toLowerCase() || String(index) === target),
  );
  return (found ?? stages.at(-1))?.index;
}

/** The stages that the target is made of. */
export function neededStages(subject: Asked): ReadonlySet<number> {
  const stages = new Map(subject.lint.stages.map(({ stage }) => [stage.index, stage]));
  const needed = new Set<number>();
  const add = (index: number | undefined): void => {
    if (index === undefined || needed.has(index)) return;
    needed.add(index);
    for (const other of stages.get(index)?.dependencies ?? []) add(other);
  };
  add(targetOf(subject));
  return needed;
}
