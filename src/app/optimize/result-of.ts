// What `mille optimize` tells of what was proved.

import {
  asBuilt,
  copiesOfImage,
  type Draft,
  type Evidence,
  lookAt,
  pictureOf,
  type Rewrite,
  type Subject,
  type Surroundings,
} from '../../insight/optimize/index.ts';
import { copiedNote } from './copied-note.ts';
import { guessReplayed } from './guess-replayed.ts';
import type { Observation } from './observe.ts';
import type { Figures, Proof } from './prove.ts';
import type { Trial } from './search.ts';
import { shownText } from './shown-text.ts';
import { changeOf, remarksOf, shownPicture } from './told.ts';
import type { Measured, OptimizeChange, OptimizeOptions, OptimizeResult, Replay } from './types.ts';

/** What is told of. */
interface Told {
  readonly observation: Observation;
  readonly original: Draft;
  readonly around: Surroundings;
  readonly rewrites: readonly Rewrite[];
  readonly proof: Proof;
  /** Why there is none, where there is none. */
  readonly replayed: Replay | string | undefined;
  /** Bytes that a registry would get, before and after, where that was counted. */
  readonly sent: readonly (number | undefined)[];
  readonly delivered: Pick<OptimizeResult, 'files' | 'notWritten'>;
  readonly notes: readonly string[];
}

/** Puts the result together, but for the time it took. */
export function resultOf(
  told: Told,
  { options, isInterrupted }: { readonly options: OptimizeOptions; readonly isInterrupted: boolean },
): Omit<OptimizeResult, 'seconds'> {
  const { observation, original, around, rewrites, proof, replayed, sent, delivered } = told;
  const { trial, proposed } = proof;
  const rewritten = lookAt(proposed.draft, around);
  const isWritten = delivered.files.some(({ path, written }) => written && path === observation.path);
  const replay = typeof replayed === 'object' ? replayed : undefined;
  return {
    dockerfile: observation.source,
    context: observation.directory,
    goal: options.goal,
    changes: changesOf(proof, around.evidence, replay),
    left: remarksOf(
      rewrites,
      afterwards(proof, rewritten),
      isWritten ? proposed.draft.source : observation.source,
    ),
    ...delivered,
    ...(isInterrupted ? { interrupted: true } : {}),
    before: measured(proof.before, lookAt(original, around), sent[0]),
    ...(proof.after ? { after: measured(proof.after, rewritten, sent[1]) } : {}),
    ...(trial?.verdict ? { verdict: trial.verdict } : {}),
    ...(trial?.checks && trial.checks.length > 0 ? { checks: trial.checks } : {}),
    ...(replay ? { replay } : {}),
    notes: [
      ...observation.notes,
      ...told.notes,
      ...copiedNotes(told, rewritten),
      ...replayNotes(replayed),
      ...(isInterrupted && options.write
        ? ['nothing is written, for it was interrupted; without --replay it takes less long']
        : []),
    ],
  };
}

/** What comes into the image by a COPY of all, where something is proposed. */
function copiedNotes({ observation, proof: { proposed } }: Told, rewritten: Subject): readonly string[] {
  if (proposed.applied.length === 0) return [];
  return copiedNote({
    ...observation,
    copies: copiesOfImage(rewritten),
    context: rewritten.context,
    newIgnoreFile: !observation.ignore && (proposed.draft.ignoreText ?? '') !== '',
  });
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
