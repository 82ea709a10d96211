// What a target can be given: build arguments, secrets, SSH agents, each with the place that asks for it; as
// `docker build --call=outline` tells it.

import type { LineRange } from '../../core/index.ts';
import { type ArgDeclaration, type Dockerfile, expandWord } from '../../lang/dockerfile/index.ts';
import type { StageEvaluation } from './evaluate.ts';
import { buildArg } from './global-scope.ts';
import type { BuildPlan, PlannedStage } from './plan.ts';
import { descriptionOf, linesOf } from './targets.ts';

/** A build argument that a target uses. */
export interface OutlineArgument {
  readonly name: string;
  /** What the comment above says of it. */
  readonly description?: string;
  /** '' where it has none. */
  readonly value: string;
  /** Whether the value came with the build. */
  readonly given: boolean;
  readonly lines: LineRange;
}

/** A secret or an SSH agent that a RUN mounts. */
export interface OutlineMount {
  readonly id: string;
  readonly required: boolean;
  readonly lines: LineRange;
}

/** What a target can be given. Each list is in the order of the file, and a name is in it once. */
export interface Outline {
  readonly name?: string;
  readonly description?: string;
  readonly args: readonly OutlineArgument[];
  readonly secrets: readonly OutlineMount[];
  readonly ssh: readonly OutlineMount[];
}

/** The outline of a plan's target. */
export function outlineOf(
  dockerfile: Dockerfile,
  plan: BuildPlan,
  evaluations: ReadonlyMap<number, StageEvaluation>,
): Outline {
  const globals = globalArguments(dockerfile, plan);
  const stages = stagesFromTarget(plan).flatMap((stage) => {
    const evaluation = evaluations.get(stage.index);
    return evaluation ? [{ stage, evaluation }] : [];
  });
  const target = stages[0]?.stage.from;
  const description = target?.name && descriptionOf(target.node, target.name);
  return {
    ...(target?.name === undefined ? {} : { name: target.name }),
    ...(description ? { description } : {}),
    args: inOrder(
      stages.flatMap(({ stage, evaluation }) => stageArguments({ stage, evaluation, plan, globals })),
      ({ name }) => name,
    ),
    secrets: mounts(stages, 'secret'),
    ssh: mounts(stages, 'ssh'),
  };
}

/** The target, what it stands on, then what it reads from: the first to name something decides about it. */
function stagesFromTarget(plan: BuildPlan): readonly PlannedStage[] {
  const found: PlannedStage[] = [];
  const visit = (index: number): void => {
    const stage = plan.stages.find((one) => one.index === index);
    if (!stage || found.includes(stage)) return;
    found.push(stage);
    if (stage.base.kind === 'stage') visit(stage.base.stage);
    stage.dependencies.forEach(visit);
  };
  visit(plan.target);
  return found;
}

/** An ARG before the first FROM, with the arguments that its value was made of. */
interface GlobalArgument {
  readonly argument: OutlineArgument;
  readonly uses: readonly string[];
}

type GlobalArguments = ReadonlyMap<string, GlobalArgument>;

function globalArguments({ globalArgs, escape: escapeChar }: Dockerfile, plan: BuildPlan): GlobalArguments {
  const found = new Map<string, GlobalArgument>();
  for (const { args, node } of globalArgs) {
    for (const { name, value, description } of args) {
      const given = buildArg(plan.buildArgs, name.text) !== undefined;
      const lookup = (variable: string) => plan.globalArgs.get(variable);
      const used = value && !given ? expandWord(value, { lookup, escape: escapeChar }).used : [];
      // An argument made of its own earlier value is made of what that was made of.
      const earlier = used.includes(name.text) ? (found.get(name.text)?.uses ?? []) : [];
      const uses = [...used.filter((one) => one !== name.text), ...earlier];
      const argument = {
        name: name.text,
        ...(description === undefined ? {} : { description }),
        // Without a default it has none here, even where a platform argument has its name.
        value: value || given ? (plan.globalArgs.get(name.text) ?? '') : '',
        given,
        lines: linesOf(node),
      };
      found.set(name.text, { argument, uses });
    }
  }
  return found;
}

interface StageView {
  readonly stage: PlannedStage;
  readonly evaluation: StageEvaluation;
  readonly plan: BuildPlan;
  readonly globals: GlobalArguments;
}

/** The arguments that a stage declares or that its FROM uses, with the global ones these are made of. */
function stageArguments(view: StageView): readonly OutlineArgument[] {
  const { stage, evaluation, plan, globals } = view;
  const lookup = (name: string) => plan.globalArgs.get(name);
  const words = [stage.from.base, ...(stage.from.platform ? [stage.from.platform] : [])];
  const used = new Set(words.flatMap((word) => expandWord(word, { lookup, escape: plan.escape }).used));
  const own = new Map<string, OutlineArgument>();
  evaluation.trace.forEach(({ planned: { instruction, trigger }, before }, position) => {
    if (instruction.kind !== 'arg') return;
    const after = evaluation.trace[position + 1]?.before ?? evaluation.state;
    const lines = linesOf(trigger ? stage.from.node : instruction.node);
    instruction.args.forEach((declaration, i) => {
      const name = declaration.name.text;
      used.add(name);
      if (isInherited(plan, declaration)) return;
      own.set(name, {
        name,
        ...(declaration.description === undefined ? {} : { description: declaration.description }),
        value: after.args[before.args.length + i]?.value ?? '',
        given: buildArg(plan.buildArgs, name) !== undefined,
        lines,
      });
    });
  });
  const queue = [...used];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const more = own.has(name) ? [] : (globals.get(name)?.uses ?? []);
    queue.push(...more.filter((one) => !used.has(one)));
    for (const one of more) used.add(one);
  }
  return [...used].flatMap((name) => own.get(name) ?? globals.get(name)?.argument ?? []);
}

/** Whether a declaration only takes over what is defined before the first FROM. */
function isInherited(plan: BuildPlan, { name, value }: ArgDeclaration): boolean {
  return !value && buildArg(plan.buildArgs, name.text) === undefined && plan.globalArgs.has(name.text);
}

function mounts(
  stages: readonly Pick<StageView, 'stage' | 'evaluation'>[],
  type: 'secret' | 'ssh',
): readonly OutlineMount[] {
  const found = stages.flatMap(({ stage, evaluation: { steps, trace } }) =>
    steps.flatMap((step) => {
      if (step.kind !== 'run') return [];
      const planned = trace[step.position]?.planned;
      const node = planned && !planned.trigger ? planned.instruction.node : stage.from.node;
      return step.mounts.flatMap((mount) =>
        mount.type === type ? [{ id: mount.id, required: mount.required, lines: linesOf(node) }] : [],
      );
    }),
  );
  return inOrder(found, ({ id }) => id);
}

/** The first of each name, in the order of the file. */
function inOrder<T extends { readonly lines: LineRange }>(
  items: readonly T[],
  nameOf: (item: T) => string,
): readonly T[] {
  const first = new Map<string, T>();
  for (const item of items) if (!first.has(nameOf(item))) first.set(nameOf(item), item);
  return [...first.values()].sort((a, b) => a.lines.first - b.lines.first);
}
