// What rebuilding costs: seconds that one waits on average for the steps that a commit makes run again. An estimate, by
// which changes are weighed against one another: a step is taken to run for as long as it was seen to, and whatever
// stands on one that runs, runs.

import { type OrderedStep, rebuiltBy, waitingTime } from '../cost/index.ts';
import { type BuiltInstruction, boundContextPaths } from '../lint/index.ts';
import { commitsOf } from './commits.ts';
import { contextCopies } from './context-copies.ts';
import { neededStages } from './needed-stages.ts';
import { makesLayer, type Subject } from './subject.ts';
import { UNSEEN_COPY, unseenRun } from './unseen.ts';

export { neededStages, targetOf } from './needed-stages.ts';

/** The cost. */
export interface RebuildCost {
  readonly secondsPerCommit: number;
  /** Of each step, by its instruction: the share of commits after which it runs. */
  readonly shares: ReadonlyMap<BuiltInstruction, number>;
  /** The same commits, by their places among those that are reckoned with. */
  readonly commits: ReadonlyMap<BuiltInstruction, ReadonlySet<number>>;
  /** Commits are guessed. */
  readonly assumed: boolean;
}

/** Less is not told from nothing: builds of one text differ by more, and nobody moves lines for it. */
const NOISE_SECONDS = 0.05;
const NOISE_SHARE = 0.03;

/** Names of arguments that are another with every build. */
const CHANGING =
  /^(.*_)?(BUILD_(DATE|TIME|TIMESTAMP|NUMBER|ID)|DATE|TIMESTAMP|COMMIT(_(SHA|HASH|ID|REF))?|(GIT|VCS|SOURCE|HEAD|BUILD)_(SHA|SHA1|HASH|REF|REV|REVISION|COMMIT)|GITHUB_(SHA|RUN_ID|RUN_NUMBER)|REVISION)$/i;

/** Whether an argument has another value with every commit, as its name says. */
export function changesAlways(name: string): boolean {
  return CHANGING.test(name);
}

/** Whether a gain is one: more than builds differ by themselves. */
export function isGain(before: number, after: number): boolean {
  const gain = before - after;
  return gain >= NOISE_SECONDS && gain >= before * NOISE_SHARE;
}

const kept = new WeakMap<Subject, RebuildCost>();

/** Estimates it, of the text as it is now. */
export function rebuildCost(subject: Subject): RebuildCost {
  const known = kept.get(subject);
  if (known) return known;
  const cost = estimate(subject);
  kept.set(subject, cost);
  return cost;
}

/** A step, and what of the context it takes. */
interface Node extends OrderedStep {
  readonly built?: BuiltInstruction;
  readonly seconds: number;
  readonly takes: (path: string) => boolean;
  readonly always: boolean;
}

function estimate(subject: Subject): RebuildCost {
  const nodes = nodesOf(subject);
  const { commits, assumed } = commitsOf(subject);
  const seconds = new Map(nodes.map((node) => [node.id, node.seconds]));
  const dirty = new Map<string, Set<number>>(nodes.map(({ id }) => [id, new Set()]));
  const waits = new Map<string, { readonly rebuilt: ReadonlySet<string>; readonly wait: number }>();
  const isIgnored = subject.lint.ignore?.matcher.isIgnored ?? (() => false);
  // Each commit changes what git keeps of it, which is in the context of many.
  const git = subject.evidence.context.some(({ path }) => path.startsWith('.git/')) ? ['.git/HEAD'] : [];
  let sum = 0;
  for (const [i, all] of commits.entries()) {
    const paths = [...all, ...git].filter((path) => !isIgnored(path));
    const met = nodes.filter(({ always, takes }) => always || paths.some(takes)).map(({ id }) => id);
    const key = met.join(' ');
    let found = waits.get(key);
    if (!found) {
      const rebuilt = rebuiltBy(nodes, met);
      const wait = waitingTime(nodes, (id) => (rebuilt.has(id) ? (seconds.get(id) ?? 0) : 0));
      found = { rebuilt, wait };
      waits.set(key, found);
    }
    sum += found.wait;
    for (const id of found.rebuilt) dirty.get(id)?.add(i);
  }
  const byStep = nodes.flatMap(({ built, id }): [BuiltInstruction, ReadonlySet<number>][] =>
    built ? [[built, dirty.get(id)!]] : [],
  );
  const share = (of: ReadonlySet<number>) => of.size / Math.max(1, commits.length);
  return {
    secondsPerCommit: sum / Math.max(1, commits.length),
    shares: new Map(byStep.map(([built, of]) => [built, share(of)])),
    commits: new Map(byStep),
    assumed,
  };
}

/** The steps of the stages that the target needs, each after those that it waits for. */
function nodesOf(subject: Subject): readonly Node[] {
  const copies = contextCopies(subject);
  const nodes: Node[] = [];
  /** The steps that a finished stage is made of. */
  const chains = new Map<number, readonly string[]>();
  const needed = neededStages(subject);
  for (const { stage, trace } of subject.lint.stages) {
    if (!needed.has(stage.index)) continue;
    const chain = [...(stage.base.kind === 'stage' ? (chains.get(stage.base.stage) ?? []) : [])];
    for (const { planned } of trace) {
      const built = subject.lint.built.find((one) => one.planned === planned);
      if (!built || !makesLayer(built.instruction)) continue;
      const { instruction } = built;
      const id = `${stage.index}.${nodes.length}`;
      const copy = copies.get(built);
      const bound = boundContextPaths(built);
      const read = planned.sources.flatMap((source) =>
        source.kind === 'stage' ? [chains.get(source.stage) ?? []] : [],
      );
      const isLinked = (instruction.kind === 'copy' || instruction.kind === 'add') && instruction.link;
      nodes.push({
        ...{ built, id, title: instruction.text },
        standsOn: [...new Set([...(isLinked ? [] : chain), ...read.flat()])],
        waitsFor: [chain, ...read].flatMap((one) => one.at(-1) ?? []),
        seconds: secondsOf(subject, built),
        takes: (path) =>
          (copy?.takes(path) ?? false) ||
          bound.some((one) => one === '' || path === one || path.startsWith(`${one}/`)),
        always: instruction.kind === 'run' && built.before.args.some(({ name }) => changesAlways(name)),
      });
      chain.push(id);
    }
    chains.set(stage.index, chain);
  }
  return nodes;
}

function secondsOf({ observed, lint }: Subject, { instruction }: BuiltInstruction): number {
  const step = observed(instruction);
  if (step) return step.seconds;
  if (instruction.kind !== 'run') return UNSEEN_COPY;
  return unseenRun(lint.runs().find(({ at }) => at === instruction.node));
}
