// Where in the build context the files of an image came from, step by step: through COPY and ADD, from stage to stage,
// until something else is written in their place. What copying placed is known from the build that did it.

import type { Digest } from '../../core/index.ts';
import { joinRelative, parentPath } from '../../core/index.ts';
import type { Entry } from '../../oci/image/index.ts';
import type { StageEvaluation } from './evaluate.ts';
import type { BuildPlan } from './plan.ts';
import type { MountReads, StepReads } from './reads.ts';
import type { FileSource, RunStep, Step } from './step.ts';

/** What came from the context, by its path in the image: directories too. */
export type Origins = ReadonlyMap<string, string>;

/** What is known of a build that was watched. */
export interface WatchedBuild {
  readonly plan: BuildPlan;
  readonly evaluations: ReadonlyMap<number, StageEvaluation>;
  /** Of COPY and ADD, by their ids: where in its source each path came from. */
  readonly placed: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** What a step's layer holds; nothing for one that made none. */
  readonly layerOf: (stepId: string) => readonly Entry[];
}

/** What is known before each RUN, and how to ask for a stage that it mounts. */
export interface ContextOrigins {
  /** Before a step. */
  before(stepId: string): Origins;
  /** At the end of a stage. */
  stage(index: number): Origins;
}

interface Origin {
  readonly from: string;
  readonly digest?: Digest;
}

type Known = ReadonlyMap<string, Origin>;

/** Follows the files of the context through all stages. */
export function contextOrigins(build: WatchedBuild): ContextOrigins {
  const ends = new Map<number, Known>();
  const befores = new Map<string, Known>();
  for (const stage of build.plan.stages) {
    const { base } = stage;
    let known: Known = (base.kind === 'stage' && ends.get(base.stage)) || new Map();
    for (const step of build.evaluations.get(stage.index)?.steps ?? []) {
      befores.set(step.id, known);
      known = after(build, step, { known, ends });
    }
    ends.set(stage.index, known);
  }
  return {
    before: (id) => plain(befores.get(id)),
    stage: (index) => plain(ends.get(index)),
  };
}

function plain(known: Known | undefined): Origins {
  return new Map([...(known ?? [])].map(([path, { from }]) => [path, from]));
}

function after(
  build: WatchedBuild,
  step: Step,
  { known, ends }: { readonly known: Known; readonly ends: ReadonlyMap<number, Known> },
): Known {
  const entries = build.layerOf(step.id);
  if (entries.length === 0 || step.kind === 'workdir') return known;
  const next = new Map(known);
  const placed = build.placed.get(step.id);
  const gone: Entry[] = [];
  for (const entry of entries) {
    const { path, type, digest } = entry;
    const source = placed?.get(path);
    const from = source === undefined || step.kind === 'run' ? undefined : originOf(step, source, ends);
    if (from !== undefined) next.set(path, { from, ...(digest === undefined ? {} : { digest }) });
    else if (type === 'whiteout' || type === 'opaque') gone.push(entry);
    // A directory is listed for what is in it, and a file whose attributes alone were changed is what it was.
    else if (type !== 'dir' && (digest === undefined || next.get(path)?.digest !== digest)) next.delete(path);
  }
  for (const entry of gone) remove(next, entry, build.placed.get(step.id));
  return next;
}

/** A deletion is of what was there before the layer. */
function remove(
  known: Map<string, Origin>,
  { path, type }: Entry,
  placed: ReadonlyMap<string, string> | undefined,
): void {
  const isHidden = (at: string) => at.startsWith(`${path}/`) || (type === 'whiteout' && at === path);
  for (const at of known.keys()) if (isHidden(at) && !placed?.has(at)) known.delete(at);
}

function originOf(
  step: Exclude<Step, RunStep>,
  source: string,
  ends: ReadonlyMap<number, Known>,
): string | undefined {
  if (step.kind === 'workdir') return undefined;
  const from: FileSource = step.kind === 'copy' ? step.from : { kind: 'build-context' };
  if (from.kind === 'build-context') return source;
  return from.kind === 'stage' ? ends.get(from.stage)?.get(source)?.from : undefined;
}

/** What a RUN read of the build context, paths as there. */
export interface ContextReads {
  /** Of its `files`, by their path in the image; those of bind mounts by their whole path in the container. */
  readonly files: Origins;
  /** Of its `looked`. */
  readonly looked: Origins;
  /** Of its `listed`. */
  readonly listed: Origins;
  /** Of its `missing`: where in the context they would have had to be. */
  readonly missing: Origins;
}

/** Which of the paths that a RUN looked at came from the context, or would have come from it. */
export function readsOfContext(step: RunStep, reads: StepReads, origins: ContextOrigins): ContextReads {
  const image = origins.before(step.id);
  const parts = [
    { reads, prefix: '', of: (path: string) => image.get(path) },
    ...(reads.mounts ?? []).flatMap((mount) => {
      const of = ofMount(step, mount, origins);
      return of ? [{ reads: mount, prefix: mount.target.slice(1), of }] : [];
    }),
  ];
  const all = (kind: 'files' | 'looked' | 'listed', isMissing = false): Origins => {
    const found = new Map<string, string>();
    for (const { reads: given, prefix, of } of parts)
      for (const path of given[isMissing ? 'missing' : kind]) {
        const from = isMissing ? besideOf(path, of) : of(path);
        if (from !== undefined) found.set(joinRelative(prefix, path), from);
      }
    return found;
  };
  return {
    files: all('files'),
    looked: all('looked'),
    listed: all('listed'),
    missing: all('files', true),
  };
}

type Lookup = (path: string) => string | undefined;

/** What is not there has no origin; what it would have been beside has. */
function besideOf(path: string, of: Lookup): string | undefined {
  for (let at = path; at !== ''; ) {
    at = parentPath(at);
    const from = of(at);
    if (from !== undefined) return joinRelative(from, at === '' ? path : path.slice(at.length + 1));
  }
  return undefined;
}

function ofMount(step: RunStep, { target }: MountReads, origins: ContextOrigins): Lookup | undefined {
  // Of two at one place the later one is seen.
  const mount = step.mounts.findLast((one) => one.type === 'bind' && `/${clean(one.target)}` === target);
  if (mount?.type !== 'bind') return undefined;
  const { from, path: top } = mount;
  if (from.kind === 'build-context') return (path) => joinRelative(top, path);
  if (from.kind !== 'stage') return undefined;
  const stage = origins.stage(from.stage);
  return (path) => stage.get(joinRelative(top, path));
}

function clean(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '')
    .join('/');
}
