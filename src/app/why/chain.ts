// Which step ran because of which, from the record of a build alone. A step stands on the one before it and reads from
// stages; what changed below it is the nearest step there that ran and made something else than before.

import type { BuildRecord, BuildStepRecord, Difference } from '../../build/cache/index.ts';

/** A step's place in the chain; all by the ids of steps. */
export interface Link {
  /** Why it ran, as far as that is another step. */
  readonly follows: readonly string[];
  /** Something of its own differs, too. */
  readonly own: boolean;
  /** Of a step that was found: what ran below it, or in a stage that it reads, and changed nothing for it. */
  readonly spared: readonly string[];
}

const NOTHING: Link = { follows: [], own: false, spared: [] };

/** What is known beside the record. */
export interface Around {
  /** What differed, by the ids of steps. */
  readonly differences: ReadonlyMap<string, readonly Difference[]>;
  /** Whether FROM gives another image than when the record was made that a step was compared with. */
  readonly baseMoved: (from: string, step: BuildStepRecord) => boolean;
}

/** What a step is linked with, for each step of a build. */
export function chainOf(build: BuildRecord, around: Around): ReadonlyMap<string, Link> {
  const steps = new Map(build.steps.map((step) => [step.id, step]));
  return new Map(build.steps.map((step) => [step.id, linkOf(step, steps, around)]));
}

type Steps = ReadonlyMap<string, BuildStepRecord>;

/** The stage that a step belongs to, which its id begins with. */
function stageOf({ id }: BuildStepRecord): number {
  return Number.parseInt(id, 10);
}

/** Whether it was looked for and not found; FROM, which may have to fetch something, is never looked for. */
export function isMiss(step: BuildStepRecord): boolean {
  return (step.reasons?.length ?? 0) > 0;
}

function linkOf(step: BuildStepRecord, steps: Steps, around: Around): Link {
  const { readsFrom = [] } = step;
  const differences = around.differences.get(step.id);
  if (step.outcome === 'cached') return { ...NOTHING, spared: sparedBy(step, steps) };
  if (!isMiss(step)) return NOTHING;
  const reasons = step.reasons ?? [];
  const below = reasons.some(({ kind }) => kind === 'parent') ? groundOf(step, steps, around) : undefined;
  const elsewhere = readsFrom.flatMap((id) => changedBelow(id, steps) ?? []);
  const kinds = differences
    ? differences.map(({ kind }) => kind)
    : reasons.map(({ kind }) => kind as Difference['kind']);
  const others = kinds.filter((kind) => kind !== 'parent');
  // Files that differ are those of the stage that changed, where there is such a stage.
  const fromStage = elsewhere.length > 0 && others.length > 0 && others.every((kind) => OF_STAGES.has(kind));
  const follows = [...(below === undefined ? [] : [below]), ...(fromStage ? elsewhere : [])];
  const wanted = reasons.some(({ kind }) => kind === 'no-cache');
  const own = wanted || follows.length === 0 || (others.length > 0 && !fromStage);
  return { follows: wanted ? [] : [...new Set(follows)], own, spared: [] };
}

const OF_STAGES: ReadonlySet<Difference['kind']> = new Set(['file', 'source']);

/** The step for which a step stands on something else: one that ran, or FROM whose image is another one. */
function groundOf(step: BuildStepRecord, steps: Steps, { baseMoved }: Around): string | undefined {
  const changed = changedBelow(step.standsOn, steps);
  if (changed !== undefined) return changed;
  let lowest = step;
  for (let below = steps.get(step.standsOn ?? ''); below; below = steps.get(below.standsOn ?? ''))
    lowest = below;
  const from = lowest.from ?? `${stageOf(lowest)}.from`;
  return steps.has(from) && baseMoved(from, step) ? from : undefined;
}

/** The step that ran in the place of this one: the same one of another stage, or for another platform. */
export function twinOf(steps: Iterable<BuildStepRecord>, step: BuildStepRecord): BuildStepRecord | undefined {
  if (step.outcome !== 'cached' || step.key !== undefined || step.layer === undefined) return undefined;
  for (const other of steps)
    if (other.id !== step.id && isMiss(other) && other.layer === step.layer) return other;
  return undefined;
}

/** The nearest step, from this one downwards, that ran and made another layer than before; or its twin did. */
function changedBelow(id: string | undefined, steps: Steps): string | undefined {
  for (let at = id; at !== undefined; at = steps.get(at)?.standsOn) {
    const own = steps.get(at);
    const step = own && (twinOf(steps.values(), own) ?? own);
    if (step && isMiss(step) && step.outcome === 'ran' && step.layer !== undefined) return step.id;
  }
  return undefined;
}

/** The nearest steps that ran although this one was found: below it, and in the stages that all of these read from. */
function sparedBy(step: BuildStepRecord, steps: Steps): string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  const look = ({ standsOn, readsFrom = [] }: BuildStepRecord): void => {
    for (const id of standsOn === undefined ? readsFrom : [standsOn, ...readsFrom]) {
      const below = steps.get(id);
      if (!below || seen.has(id)) continue;
      seen.add(id);
      if (isMiss(below)) found.push(id);
      else look(below);
    }
  };
  look(step);
  return found;
}

/** A step that ran for reasons of its own, or FROM, and the steps that ran because of it, directly or not. */
export interface Cause {
  readonly step: BuildStepRecord;
  readonly followers: readonly BuildStepRecord[];
}

/** The causes of a build in the order of its steps. A step that follows two is counted with the first. */
export function causesOf(build: BuildRecord, chain: ReadonlyMap<string, Link>): readonly Cause[] {
  const followers = new Map<string, BuildStepRecord[]>();
  for (const step of build.steps.filter(isMiss)) {
    if (chain.get(step.id)?.own !== false) {
      followers.set(step.id, followers.get(step.id) ?? []);
      continue;
    }
    const root = rootOf(step.id, chain);
    followers.set(root, [...(followers.get(root) ?? []), step]);
  }
  return build.steps.flatMap((step) => {
    const found = followers.get(step.id);
    return found ? [{ step, followers: found }] : [];
  });
}

function rootOf(id: string, chain: ReadonlyMap<string, Link>): string {
  const seen = new Set<string>();
  let at = id;
  while (!seen.has(at)) {
    seen.add(at);
    const link = chain.get(at);
    const next = link?.follows[0];
    if (next === undefined || link?.own) return at;
    at = next;
  }
  return at;
}
