// `mille optimize`: a Dockerfile observed, rewritten, and proved.

import { type EventSink, MilleError } from '../../core/index.ts';
import {
  type Draft,
  knownOfOriginal,
  lookAt,
  propose,
  REWRITES,
  type Rewrite,
  type Surroundings,
} from '../../insight/optimize/index.ts';
import { checkOnePlatform } from '../build/platforms.ts';
import type { BuildOptions } from '../types.ts';
import { askable } from './askable.ts';
import { type Making, removeImages, storedImages } from './built-image.ts';
import { checksAgainst } from './checks.ts';
import { chooseRewrites } from './choose.ts';
import { optimizeDry } from './dry.ts';
import { type Hidden, hiddenOf } from './hidden-values.ts';
import { hideInResult } from './hide-in-result.ts';
import { keepImages } from './kept-images.ts';
import { lookAtDistribution } from './look-at-distribution.ts';
import { clearMountSpaces } from './mount-space.ts';
import { type Observation, observe } from './observe.ts';
import { ownBase } from './own-base.ts';
import { phase } from './phase.ts';
import { type Figures, type Proof, prove } from './prove.ts';
import { replayIfAsked } from './replay-if-asked.ts';
import { resultOf } from './result-of.ts';
import { sentBytes } from './sent-bytes.ts';
import { slimmerBase } from './slimmer-base.ts';
import { changedTexts, ignorePathOf } from './told.ts';
import type { ChangedText, OptimizeOptions, OptimizeResult } from './types.ts';
import { writeBack } from './write-back.ts';

/** What tests put in the place of the program's own. */
export interface OptimizeParts {
  readonly rewrites: readonly Rewrite[];
}

/** Optimises. See `OptimizeVerbs.optimize`. */
export async function optimize(
  build: BuildOptions,
  options: OptimizeOptions,
  events: EventSink,
  signal: AbortSignal,
  parts: OptimizeParts = { rewrites: REWRITES },
): Promise<OptimizeResult> {
  const started = performance.now();
  checkOnePlatform(build);
  const rewrites = chooseRewrites(parts.rewrites, options);
  if (options.dry) return await optimizeDry(build, { rewrites, goal: options.goal, signal });
  const before = await storedImages();
  const making: Making = { signal, made: new Set(), spaces: new Set(), kept: keepImages() };
  const task: Task = { build, options, rewrites, events, making };
  try {
    const project = await look(task);
    const { proof, around, notes } = await proveRewrites(project, task);
    const { observation, original, ignorePath } = project;
    const replayed = await replayIfAsked(
      { observation, around, ignorePath, original, proof },
      { build, options, events, making },
    );
    const isInterrupted = options.replay > 0 && signal.aborted;
    const sent = proof.after && !isInterrupted ? await countSent(proof.before, proof.after, task) : [];
    const delivered = deliver(
      changedTexts(original, { proposed: proof.proposed, path: observation.path, ignorePath }),
      options.write && !isInterrupted,
    );
    const result = resultOf(
      { observation, original, around, rewrites, proof, replayed, sent, delivered, notes },
      { options, isInterrupted },
    );
    return hideInResult({ ...result, seconds: (performance.now() - started) / 1000 }, project.hideTold);
  } finally {
    await tidy(making, before, events);
  }
}

/** What is to be done, and what it is done with. */
interface Task {
  readonly build: BuildOptions;
  readonly options: OptimizeOptions;
  readonly rewrites: readonly Rewrite[];
  readonly events: EventSink;
  readonly making: Making;
}

/** What there is to rewrite. */
interface Project extends Hidden {
  readonly observation: Observation;
  readonly original: Draft;
  readonly around: Surroundings;
  readonly ignorePath: string;
}

/** Builds the original, and sees it beside the base that is named, or one of its own. */
async function look({ build, options, rewrites, events, making }: Task): Promise<Project> {
  const { base, goal } = options;
  const named = base === undefined ? undefined : await slimmerBase(build, base, { events, making });
  const seen = await observe(build, events, making);
  const beside = named ?? (await ownBase(seen, { build, goal, rewrites, events, making }));
  const observation = observationBeside(
    seen,
    typeof beside === 'function' ? await beside(seen.around) : beside,
  );
  const { source, ignore, directory } = observation;
  const ignorePath = ignorePathOf(observation);
  const around: Surroundings = { ...observation.around, ignorePath, goal };
  const original: Draft = {
    source,
    ...(ignore ? { ignoreText: ignore.text } : {}),
    known: knownOfOriginal(around.evidence),
  };
  const hidden = hiddenOf(build, { subject: lookAt(original, around), directory });
  return { observation, original, around, ignorePath, ...hidden };
}

/** Proposes, builds, compares and checks, until what is left is proved. */
async function proveRewrites(
  { observation, original, around: observed, hide }: Project,
  { build, options, rewrites, events, making }: Task,
): Promise<{ readonly proof: Proof; readonly around: Surroundings; readonly notes: readonly string[] }> {
  const { image } = observation.first;
  const checks = checksAgainst(image, {
    commands: options.checks,
    output: options.checkOutput ?? false,
    network: options.checkNetwork ?? false,
    failing: true,
    hide,
    signal: making.signal,
  });
  const distribution = await lookAtDistribution({ original, around: observed, image }, { rewrites, checks });
  const around = distribution ? distribution.around : observed;
  const possible = await askable(original, around, { rewrites, checks });
  const proof = await prove({
    ...(distribution ? { distribution } : {}),
    ...{ observation, options: build, checks, hide, events, making, world: {} },
    again: (refused) => propose(original, around, { rewrites: possible.rewrites, refused }),
  });
  return { proof, around, notes: possible.notes };
}

/** Bytes that a registry without any of it would get of the image before, and of the one after. */
async function countSent(
  before: Figures,
  after: Figures,
  { events, making }: Task,
): Promise<readonly (number | undefined)[]> {
  return await phase(events, 'count what a registry would get', () =>
    sentBytes([before.built.image, after.built.image], making.signal),
  );
}

/** What was observed, seen beside another base, or with a note of why there is none. */
function observationBeside(
  seen: Observation,
  beside: Observation['around'] | string | undefined,
): Observation {
  if (beside === undefined) return seen;
  return typeof beside === 'string'
    ? { ...seen, notes: [...seen.notes, beside] }
    : { ...seen, around: beside };
}

/** Removes what was only made to be looked at. What goes wrong with that is told, and takes no result or error away. */
async function tidy(
  { made, spaces, kept }: Making,
  before: ReadonlySet<string>,
  events: EventSink,
): Promise<void> {
  kept?.release();
  for (const remove of [() => removeImages(made, before), () => clearMountSpaces(spaces)]) {
    try {
      await remove();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      events({ type: 'warning', message: `not everything that was made on the way is removed: ${message}` });
    }
  }
}

/** Writes, where that is wanted. What was proved is told in any case. */
function deliver(
  files: readonly ChangedText[],
  write: boolean,
): Pick<OptimizeResult, 'files' | 'notWritten'> {
  if (!write) return { files };
  try {
    return { files: writeBack(files) };
  } catch (error) {
    if (!(error instanceof MilleError)) throw error;
    const { code, message, hint } = error;
    return { files, notWritten: { code, message, ...(hint === undefined ? {} : { hint }) } };
  }
}
