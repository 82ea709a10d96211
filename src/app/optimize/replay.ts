// Replay: the last commits of the repository, laid out one after the other in a clone and built with both Dockerfiles,
// each as it would be on a machine that has built the commit before. What a commit costs is measured, not estimated.

import { scopeOf } from '../../build/cache/index.ts';
import { openReplayClone, type ReplayClone, type ReplayCommit } from '../../build/source/index.ts';
import { type EventSink, MilleError } from '../../core/index.ts';
import { type Draft, type Evidence, limitOf, type Subject, stratumOf } from '../../insight/optimize/index.ts';
import { CWD, makeDirectories, makeTemporaryDirectory, removeTree } from '../../sys/index.ts';
import { build } from '../build/build.ts';
import { cacheOf } from '../build/ready-build.ts';
import { collectGarbage } from '../collect-garbage.ts';
import { withServices } from '../services.ts';
import type { BuildOptions } from '../types.ts';
import type { Making } from './built-image.ts';
import { writeDraftFiles } from './draft-files.ts';
import { newMountSpace } from './mount-space.ts';
import { type PhaseProgress, phase } from './phase.ts';
import { type RanSteps, replayedSteps } from './replayed-steps.ts';
import { shownText } from './shown-text.ts';
import type { Replay, ReplayedCommit } from './types.ts';
import { watchSteps } from './watch-steps.ts';

/** What to replay. */
export interface ReplayRequest {
  /** The context: absolute. */
  readonly directory: string;
  /** The Dockerfile and its ignore file, from the context; they count as changes of the Dockerfile. */
  readonly own: readonly string[];
  readonly before: Draft;
  readonly after: Draft;
  readonly commits: number;
  readonly evidence: Evidence;
  /** `after`, understood. Absent: nobody wants to know of single steps. */
  readonly rewrite?: Subject;
  readonly options: BuildOptions;
  /** How the second of them is built; by default as the first. */
  readonly optionsAfter?: BuildOptions;
  readonly events: EventSink;
  readonly making: Making;
}

/** One of the two Dockerfiles, and what it has built so far. */
interface Side {
  readonly name: 'before' | 'after';
  readonly dockerfile: string;
  readonly namespace: string;
  /** Its cache mounts are its own, and empty at first. */
  readonly mountSpace: string;
  /** The layers of its image of the commit before. */
  layers: ReadonlySet<string>;
}

/** One build. */
interface Rebuilt {
  readonly seconds: number;
  /** Of layers that the image before did not have. */
  readonly bytes: number;
  readonly ran: RanSteps;
}

/**
 * Replays: both Dockerfiles. Interrupted, it ends with the commits that were replayed by then.
 * @returns why nothing could be replayed, where nothing could
 */
export async function replay(request: ReplayRequest): Promise<Replay | string> {
  const { commits: most, making, events } = request;
  const work = makeTemporaryDirectory('mille-replay-');
  const sides = (['before', 'after'] as const).map((name): Side => {
    const place = `${work}/${name}`;
    makeDirectories(place, 0o700);
    const dockerfile = writeDraftFiles(place, request[name]);
    const mountSpace = newMountSpace();
    making.spaces.add(mountSpace);
    return {
      name,
      dockerfile,
      namespace: `replay-${name}-${crypto.randomUUID()}`,
      mountSpace,
      layers: new Set(),
    };
  });
  const into = `${work}/clone`;
  let context: string | undefined;
  try {
    const whole = request.evidence.context.some(({ path }) => path.startsWith('.git/'));
    const clone = await openReplayClone({ ...request, into, most, whole, signal: making.signal });
    if (typeof clone === 'string') return clone;
    context = clone.directory;
    return await phase(events, `replay ${clone.commits.length - 1} commits`, (inner, progress) =>
      replayIn(clone, { ...request, events: inner, progress }, sides),
    );
  } finally {
    removeTree(CWD, work);
    if (context !== undefined) await forget(context, sides);
  }
}

async function replayIn(
  clone: ReplayClone,
  request: ReplayRequest & { readonly progress: PhaseProgress },
  sides: readonly Side[],
): Promise<Replay> {
  const commits: ReplayedCommit[] = [];
  const failed: { id: string; subject: string; why: string }[] = [];
  const ran: { readonly before: RanSteps; readonly after: RanSteps }[] = [];
  let started = false;
  for (const [i, commit] of clone.commits.entries()) {
    const { id } = commit;
    const subject = shownText(commit.subject);
    request.progress(subject, i, clone.commits.length);
    // In turns, so that neither always finds what the other has warmed.
    const inTurns = i % 2 === 0 ? sides : [...sides].reverse();
    const built = await unlessInterrupted(async () => {
      await clone.checkOut(id);
      return await buildBoth(clone, request, { sides: inTurns });
    });
    if (built === 'interrupted') return cutAfter(commits, failed);
    if ('why' in built) failed.push({ id, subject, why: built.why });
    // Where one starts from, everything is new.
    else if (started) {
      commits.push(replayed({ ...commit, subject }, request, built));
      ran.push({ before: built.get('before')!.ran, after: built.get('after')!.ran });
    }
    if (!('why' in built)) started = true;
  }
  const floor = started ? await unlessInterrupted(() => floorOf(clone, request, sides)) : 0;
  if (floor === 'interrupted') return cutAfter(commits, failed);
  const limited = commits.map(({ limit, ...one }) =>
    limit === undefined ? one : { ...one, limit: limit + floor },
  );
  const { evidence, rewrite } = request;
  const steps = rewrite ? replayedSteps({ evidence }, rewrite, ran) : [];
  return { commits: limited, failed, floor, steps };
}

/** What is known of a replay that did not come to its end. */
function cutAfter(commits: readonly ReplayedCommit[], failed: Replay['failed']): Replay {
  return { commits: commits.map(({ limit, ...one }) => one), failed, floor: 0, steps: [], cut: true };
}

/** What some work comes to; `interrupted` where it was. */
async function unlessInterrupted<T>(work: () => Promise<T>): Promise<T | 'interrupted'> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MilleError && error.code === 'interrupted') return 'interrupted';
    throw error;
  }
}

function replayed(
  { id, subject, paths }: ReplayCommit,
  { own, evidence }: ReplayRequest,
  built: ReadonlyMap<Side['name'], Rebuilt>,
): ReplayedCommit {
  const limit = limitOf(evidence, paths);
  return {
    ...{ id, subject, stratum: stratumOf(paths, own) },
    before: figuresOf(built.get('before')!),
    after: figuresOf(built.get('after')!),
    ...(limit === undefined ? {} : { limit }),
  };
}

function figuresOf({ seconds, bytes }: Rebuilt): Pick<Rebuilt, 'seconds' | 'bytes'> {
  return { seconds, bytes };
}

/** How long the quicker of the two takes when nothing has changed. */
async function floorOf(
  { directory }: ReplayClone,
  request: ReplayRequest,
  sides: readonly Side[],
): Promise<number> {
  const seconds: number[] = [];
  for (const side of sides) {
    const built = await rebuild(side, buildOf(side, directory, request), request).catch((error: unknown) => {
      if (error instanceof MilleError && error.code !== 'interrupted') return undefined;
      throw error;
    });
    if (built) seconds.push(built.seconds);
  }
  return seconds.length === 0 ? 0 : Math.min(...seconds);
}

function buildOf(
  { name, dockerfile, namespace, mountSpace }: Side,
  context: string,
  { options, optionsAfter = options }: ReplayRequest,
): BuildOptions {
  const given = name === 'before' ? options : optionsAfter;
  return { ...given, context, dockerfile, cacheNamespace: namespace, mountSpace, noCache: false };
}

/** @returns why one of them could not be built, where that is so */
async function buildBoth(
  { directory }: ReplayClone,
  request: ReplayRequest,
  { sides }: { readonly sides: readonly Side[] },
): Promise<ReadonlyMap<Side['name'], Rebuilt> | { readonly why: string }> {
  const built = new Map<Side['name'], Rebuilt>();
  const why = new Map<Side['name'], string>();
  for (const side of sides) {
    // What the original cannot do either is no fault of the rewrite: it is asked after that has failed, too.
    if (why.has('before')) break;
    try {
      built.set(side.name, await rebuild(side, buildOf(side, directory, request), request));
    } catch (error) {
      if (!(error instanceof MilleError) || error.code === 'interrupted') throw error;
      why.set(side.name, error.message);
    }
  }
  const [original, rewrite] = [why.get('before'), why.get('after')];
  if (original !== undefined) return { why: shownText(`the original: ${original}`) };
  return rewrite === undefined ? built : { why: shownText(`the rewrite alone: ${rewrite}`) };
}

async function rebuild(
  side: Side,
  options: BuildOptions,
  { events, making }: { readonly events: EventSink; readonly making: Making },
): Promise<Rebuilt> {
  const { steps, sink } = watchSteps();
  const both: EventSink = (event) => {
    sink(event);
    events(event);
  };
  const { imageId, seconds } = await build(
    { ...options, tags: [], outputs: [{ type: 'image' }] },
    both,
    making.signal,
  );
  making.made.add(imageId);
  const layers = await layersOf(imageId);
  const fresh = [...layers].filter(([diffId]) => !side.layers.has(diffId));
  side.layers = new Set(layers.keys());
  const ran = new Map([...steps].flatMap(([id, step]) => (step.cached ? [] : [[id, step.seconds]])));
  return { seconds, bytes: fresh.reduce((sum, [, bytes]) => sum + bytes, 0), ran };
}

/** The layers of an image, and the bytes of each as a tar. */
async function layersOf(imageId: string): Promise<ReadonlyMap<string, number>> {
  return await withServices('read', async (services) => {
    const store = await services.store();
    const image = store.listImages().find((one) => one.imageId === imageId);
    const diffIds = image?.config.rootfs.diff_ids ?? [];
    return new Map(diffIds.map((diffId) => [diffId, store.layer(diffId)?.info.size ?? 0]));
  });
}

/** Forgets what was recorded of the builds, and removes their layers. */
async function forget(context: string, sides: readonly Side[]): Promise<void> {
  await withServices('container', async (services) => {
    const store = await services.store();
    const cache = cacheOf(store);
    for (const { dockerfile } of sides) cache.forgetScope(scopeOf(context, dockerfile));
    collectGarbage(store, cache);
  });
}
