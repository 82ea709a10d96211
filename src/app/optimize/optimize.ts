// `mille optimize`: a Dockerfile observed, rewritten, and proved.

import type { EventSink } from '../../core/index.ts';
import {
  type Applied,
  type Draft,
  knownOfOriginal,
  type Proposed,
  propose,
  REWRITES,
  type Surroundings,
} from '../../insight/optimize/index.ts';
import { CWD, realPath, replaceFile, statAt } from '../../sys/index.ts';
import type { BuildOptions } from '../types.ts';
import { type BuiltImage, removeImages, storedImages } from './built-image.ts';
import { chooseRewrites } from './choose.ts';
import { type Observation, observe } from './observe.ts';
import { type Proof, prove } from './prove.ts';
import type { ChangedText, Measured, OptimizeChange, OptimizeOptions, OptimizeResult } from './types.ts';

/** Optimises. See `OptimizeVerbs.optimize`. */
export async function optimize(
  build: BuildOptions,
  options: OptimizeOptions,
  events: EventSink,
  signal: AbortSignal,
): Promise<OptimizeResult> {
  const started = performance.now();
  const rewrites = chooseRewrites(REWRITES, options);
  const before = await storedImages();
  const made = new Set<string>();
  const making = { signal, made };
  try {
    const observation = await observe(build, events, making);
    const { source, ignore } = observation;
    const ignorePath = ignorePathOf(observation);
    const around: Surroundings = { ...observation.around, ignorePath, goal: options.goal };
    const original: Draft = {
      source,
      ...(ignore ? { ignoreText: ignore.text } : {}),
      known: knownOfOriginal(around.evidence),
    };
    const again = (refused: ReadonlySet<string>): Proposed =>
      propose(original, around, { rewrites, refused });
    const proof = await prove({ observation, options: build, again, events, making });
    return {
      dockerfile: source,
      context: observation.directory,
      goal: options.goal,
      changes: changesOf(proof),
      files: filesOf(observation, { ignorePath, proof }).map((one) => (options.write ? written(one) : one)),
      before: measured(observation.first),
      ...(proof.built ? { after: measured(proof.built) } : {}),
      ...(proof.verdict ? { verdict: proof.verdict } : {}),
      notes: observation.notes,
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    await removeImages(made, before);
  }
}

function ignorePathOf({ path, directory, ignore }: Observation): string {
  const own = `${path}.dockerignore`;
  const isOwn = ignore !== undefined && ignore.name !== '.dockerignore';
  return isOwn ? own : `${directory}/.dockerignore`;
}

function measured({ image, seconds }: BuiltImage): Measured {
  return { imageId: image.imageId, bytes: image.bytes, layers: image.diffIds.length, seconds };
}

function changesOf({ proposed, refused }: Proof): OptimizeChange[] {
  return [
    ...proposed.applied.map((one) => changeOf(one, 'proved')),
    ...refused.map(({ applied, ...refusal }) => ({ ...changeOf(applied, 'refused'), refusal })),
  ];
}

function changeOf({ rewrite, proposal }: Applied, outcome: OptimizeChange['outcome']): OptimizeChange {
  const { title, reason, span, claim, allows, risk } = proposal;
  return {
    ...{ rewrite: rewrite.name, goal: rewrite.goal, title, reason, claim, allows, outcome },
    line: span.source.text.slice(0, span.start).split('\n').length,
    ...(risk === undefined ? {} : { risk }),
  };
}

/** Writes a text in the place of the user's. A link stays one. @throws MilleError `io` */
function written(text: ChangedText): ChangedText {
  const { path, after } = text;
  replaceFile(statAt(CWD, path) ? realPath(path) : path, Buffer.from(after, 'utf8'));
  return { ...text, written: true };
}

function filesOf(
  { source, path, ignore }: Observation,
  { ignorePath, proof }: { readonly ignorePath: string; readonly proof: Proof },
): ChangedText[] {
  const { draft } = proof.proposed;
  const texts = [
    { name: source.name, path, before: source.text, after: draft.source.text },
    { name: ignorePath, path: ignorePath, before: ignore?.text, after: draft.ignoreText ?? '' },
  ];
  return texts
    .filter(({ before = '', after }) => before !== after)
    .map(({ before, ...one }) => ({ ...one, ...(before === undefined ? {} : { before }), written: false }));
}
