// `mille optimize`: a Dockerfile observed, rewritten, and proved.

import { type EventSink, MilleError } from '../../core/index.ts';
import {
  asBuilt,
  type Draft,
  type Evidence,
  knownOfOriginal,
  lookAt,
  type Proposed,
  pictureOf,
  propose,
  REWRITES,
  type Rewrite,
  type Subject,
  type Surroundings,
} from '../../insight/optimize/index.ts';
import { checkOnePlatform } from '../build/platforms.ts';
import type { BuildOptions } from '../types.ts';
import { askable } from './askable.ts';
import { type Making, removeImages, storedImages } from './built-image.ts';
import { checksAgainst } from './checks.ts';
import { chooseRewrites } from './choose.ts';
import { copiedNote } from './copied-note.ts';

import { optimizeDry } from './dry.ts';
import { guessReplayed } from './guess-replayed.ts';
import { hiddenOf } from './hidden-values.ts';
import { hideInResult } from './hide-in-result.ts';
import { keepImages } from './kept-images.ts';
import { lookAtDistribution } from './look-at-distribution.ts';
import { clearMountSpaces } from './mount-space.ts';
import { type Observation, observe } from './observe.ts';
import { ownBase } from './own-base.ts';
import { phase } from './phase.ts';
import { type Figures, type Proof, prove } from './prove.ts';
import { replayIfAsked } from './replay-if-asked.ts';
import type { Trial } from './search.ts';
import { sentBytes } from './sent-bytes.ts';
import { shownText } from './shown-text.ts';
import { slimmerBase } from './slimmer-base.ts';
import { changedTexts, changeOf, ignorePathOf, remarksOf, shownPicture } from './told.ts';
import type {
  ChangedText,
  Measured,
  OptimizeChange,
  OptimizeOptions,
  OptimizeResult,
  Replay,
} from './types.ts';
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
  try {
    const named =
      options.base === undefined ? undefined : await slimmerBase(build, options.base, { events, making });
    const seen = await observe(build, events, making);
    const beside = named ?? (await ownBase(seen, { build, goal: options.goal, rewrites, events, making }));
    const observation = observationBeside(
      seen,
      typeof beside === 'function' ? await beside(seen.around) : beside,
    );
    const { source, ignore } = observation;
    const ignorePath = ignorePathOf(observation);
    const observed: Surroundings = { ...observation.around, ignorePath, goal: options.goal };
    const original: Draft = {
      source,
      ...(ignore ? { ignoreText: ignore.text } : {}),
      known: knownOfOriginal(observed.evidence),
    };
    const { directory } = observation;
    const { hide, hideTold } = hiddenOf(build, { subject: lookAt(original, observed), directory });
    const checks = checksAgainst(observation.first.image, {
      commands: options.checks,
      output: options.checkOutput ?? false,
      network: options.checkNetwork ?? false,
      failing: true,
      hide,
      signal,
    });
    const distribution = await lookAtDistribution(
      { original, around: observed, image: observation.first.image },
      { rewrites, checks },
    );
    const around = distribution ? distribution.around : observed;
    const possible = await askable(original, around, { rewrites, checks });
    const again = (refused: ReadonlySet<string>): Proposed =>
      propose(original, around, { rewrites: possible.rewrites, refused });
    const proof = await prove({
      ...(distribution ? { distribution } : {}),
      observation,
      options: build,
      again,
      checks,
      hide,
      events,
      making,
      world: {},
    });
    const { trial } = proof;
    const replayed = await replayIfAsked(
      { observation, around, ignorePath, original, proof },
      { build, options, events, making },
    );
    const isInterrupted = options.replay > 0 && signal.aborted;
    const [sentBefore, sentAfter] =
      proof.after && !isInterrupted
        ? await phase(events, 'count what a registry would get', () =>
            sentBytes([proof.before.built.image, proof.after!.built.image], signal),
          )
        : [];
    const delivered = deliver(
      changedTexts(original, { proposed: proof.proposed, path: observation.path, ignorePath }),
      options.write && !isInterrupted,
    );
    const isWritten = delivered.files.some(({ path, written }) => written && path === observation.path);
    const result: OptimizeResult = {
      dockerfile: source,
      context: directory,
      goal: options.goal,
      changes: changesOf(proof, around.evidence, typeof replayed === 'object' ? replayed : undefined),
      left: remarksOf(
        rewrites,
        afterwards(proof, lookAt(proof.proposed.draft, around)),
        isWritten ? proof.proposed.draft.source : source,
      ),
      ...delivered,
      ...(isInterrupted ? { interrupted: true } : {}),
      before: measured(proof.before, lookAt(original, around), sentBefore),
      ...(proof.after
        ? { after: measured(proof.after, lookAt(proof.proposed.draft, around), sentAfter) }
        : {}),
      ...(trial?.verdict ? { verdict: trial.verdict } : {}),
      ...(trial?.checks && trial.checks.length > 0 ? { checks: trial.checks } : {}),
      ...(typeof replayed === 'object' ? { replay: replayed } : {}),
      notes: [
        ...observation.notes,
        ...possible.notes,
        ...(proof.proposed.applied.length === 0
          ? []
          : copiedNote({
              ...observation,
              steps: around.evidence.steps,
              context: lookAt(proof.proposed.draft, around).context,
              newIgnoreFile: !ignore && (proof.proposed.draft.ignoreText ?? '') !== '',
            })),
        ...replayNotes(replayed),
        ...(isInterrupted && options.write
          ? ['nothing is written, for it was interrupted; without --replay it takes less long']
          : []),
      ],
      seconds: (performance.now() - started) / 1000,
    };
    return hideInResult(result, hideTold);
  } finally {
    await tidy(making, before, events);
  }
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

function replayNotes(replayed: Replay | string | undefined): readonly string[] {
  if (typeof replayed === 'string') return [`no commits were replayed: ${replayed}`];
  if (!replayed?.cut) return [];
  const { length } = replayed.commits;
  return [
    `the replay was interrupted: its figures are of ${length === 1 ? '1 commit' : `${length} commits`}`,
  ];
}

/** What is proposed, with what its own build made. */
function afterwards({ after }: Proof, subject: Subject): Subject {
  return after ? asBuilt(subject, after.built.steps, after.built.image) : subject;
}

function measured(
  { built: { image, steps }, seconds, withMounts }: Figures,
  subject: Subject,
  sent: number | undefined,
): Measured {
  const picture = pictureOf(subject, { runs: steps, imageBytes: image.bytes });
  return {
    ...{ imageId: image.imageId, bytes: image.bytes, layers: image.diffIds.length, seconds },
    ...(sent === undefined ? {} : { sent }),
    ...(withMounts === undefined ? {} : { secondsWithMounts: withMounts }),
    steps: [...steps.values()].map(({ title, seconds: took, bytes }) => ({
      ...{ title: shownText(title), seconds: took },
      ...(bytes === undefined ? {} : { bytes }),
    })),
    ...{ secondsPerCommit: picture.secondsPerCommit, picture: shownPicture(picture) },
  };
}

function changesOf(
  { proposed, refused, untried }: Proof,
  evidence: Evidence,
  replayed: Replay | undefined,
): OptimizeChange[] {
  return [
    ...proposed.applied.map((one) => ({
      ...changeOf(one, 'proved'),
      ...(replayed ? guessReplayed(one, { evidence, replayed }) : {}),
    })),
    ...refused.map(({ applied, trial }) => ({ ...changeOf(applied, 'refused'), ...refusalOf(trial) })),
    ...untried.map((one) => changeOf(one, 'unproved')),
  ];
}

function refusalOf(trial: Trial | undefined): Pick<OptimizeChange, 'refusal'> {
  if (!trial) return {};
  const { verdict, checks, failure } = trial;
  return {
    refusal: {
      ...(verdict ? { verdict } : {}),
      ...(checks ? { checks } : {}),
      ...(failure === undefined ? {} : { failure: shownText(failure) }),
    },
  };
}
