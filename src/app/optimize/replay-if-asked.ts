// Whether commits are to be replayed, and with what.

import { type EventSink, MilleError } from '../../core/index.ts';
import { type Draft, lookAt, type Surroundings } from '../../insight/optimize/index.ts';
import type { BuildOptions } from '../types.ts';
import type { Making } from './built-image.ts';
import type { Observation } from './observe.ts';
import { optionsFor } from './options-for.ts';
import type { Proof } from './prove.ts';
import { replay } from './replay.ts';
import type { OptimizeOptions, Replay } from './types.ts';

/** @returns why it was not done, where it was to be */
export async function replayIfAsked(
  known: {
    readonly observation: Observation;
    readonly around: Surroundings;
    readonly ignorePath: string;
    readonly original: Draft;
    readonly proof: Proof;
  },
  request: {
    readonly build: BuildOptions;
    readonly options: OptimizeOptions;
    readonly events: EventSink;
    readonly making: Making;
  },
): Promise<Replay | string | undefined> {
  const { observation, around, ignorePath, original, proof } = known;
  const { build, options, events, making } = request;
  if (options.replay === 0) return undefined;
  if (!proof.after) return 'there is nothing to compare the original with';
  const { directory, path } = observation;
  const own = [path, ignorePath].flatMap((one) =>
    one.startsWith(`${directory}/`) ? [one.slice(directory.length + 1)] : [],
  );
  return await replay({
    ...{ directory, own, before: original, after: proof.proposed.draft, commits: options.replay },
    ...{
      rewrite: lookAt(proof.proposed.draft, around),
      evidence: around.evidence,
      options: build,
      events,
      making,
    },
    optionsAfter: optionsFor(proof.proposed.applied, build),
  }).catch((error: unknown) => {
    if (error instanceof MilleError && error.code === 'interrupted') return 'it was interrupted';
    throw error;
  });
}
