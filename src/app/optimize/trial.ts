// One trial: a draft built, compared, and asked what is asked of it.

import { type EventSink, MilleError } from '../../core/index.ts';
import type { Applied } from '../../insight/optimize/index.ts';
import { judge, type Noise } from '../../insight/verify/index.ts';
import type { BuildOptions } from '../types.ts';
import { type BuiltImage, buildImage, type Making } from './built-image.ts';
import type { Checks } from './checks.ts';
import { withDraftFiles } from './draft-files.ts';
import { failureText } from './failure.ts';
import type { HideValues } from './hidden-values.ts';
import { leftOut } from './left-out.ts';
import type { LookedAtDistribution } from './look-at-distribution.ts';
import { isNetworkFailure, onceMore } from './network-failure.ts';
import type { Observation } from './observe.ts';
import { optionsFor } from './options-for.ts';
import { phase } from './phase.ts';
import type { Trial } from './search.ts';
import { trialText } from './search-told.ts';

/** What trials have in common. */
export interface TrialRequest {
  readonly observation: Observation;
  readonly options: BuildOptions;
  readonly checks: Checks;
  readonly hide: HideValues;
  readonly events: EventSink;
  readonly making: Making;
  /** When the network was last known to be well, by `performance.now()`. */
  readonly world: { wellAt?: number };
  /** What is known of the original's packages, and who reads those of another image. */
  readonly distribution?: LookedAtDistribution;
}

/** Milliseconds for which it is believed to stay so. */
const TRUST = 600_000;

/** A trial, and the image that it made. */
export interface BuiltTrial extends Trial {
  readonly built?: BuiltImage;
}

/** How a draft is built, and what noise is known. */
export interface TrialOptions {
  readonly title: string;
  /** Lines that say what is tried. */
  readonly about?: readonly string[];
  /** From nothing, as the original was. */
  readonly cold: boolean;
  readonly mountSpace: string;
  readonly noise: Noise;
}

/** Builds the text after some changes, and judges it by what these allow. @throws MilleError `interrupted` */
export async function tryDraft(
  request: TrialRequest,
  applied: readonly Applied[],
  how: TrialOptions,
): Promise<BuiltTrial> {
  const { observation, options, events, making } = request;
  const { title, about = [], cold, mountSpace, noise } = how;
  const draft = applied.at(-1)!.after;
  const given = { ...optionsFor(applied, options), noCache: cold, mountSpace, standsFor: observation.path };
  const build = (name: string) =>
    withDraftFiles(draft, (dockerfile) =>
      phase(events, name, async (inner, progress) => {
        const say = (line: string) =>
          inner({ type: 'step-output', step: title, stream: 'stdout', text: `${line}\n` });
        about.forEach(say);
        const built = await buildImage({ ...given, dockerfile }, inner, making);
        progress('compare it with the original', 0, 0);
        const trial = await settled(judged(request, applied, { built, noise }));
        if ('value' in trial) say(trialText(trial.value));
        return trial;
      }),
    );
  const trial = await onceMore(build, [title, `${title}, once more: the network failed`]).catch(
    (error: unknown) => failedTrial(request, error),
  );
  if ('error' in trial) throw trial.error;
  return trial.value;
}

/** What goes wrong with a comparison is nothing that a draft is to blame for. */
type Settled = { readonly value: BuiltTrial } | { readonly error: unknown };

function settled(trial: Promise<BuiltTrial>): Promise<Settled> {
  return trial.then(
    (value): Settled => ({ value }),
    (error: unknown): Settled => ({ error }),
  );
}

async function failedTrial(request: TrialRequest, error: unknown): Promise<Settled> {
  if (!(error instanceof MilleError) || error.code === 'interrupted') throw error;
  if (isNetworkFailure(error)) await blameTheWorld(request, error);
  const failure = failureText(error, request.hide);
  return { value: { same: false, failure, ...(error.span ? { failedAt: error.span.start } : {}) } };
}

/** Judges what was built. */
export async function judged(
  { observation, checks, distribution }: TrialRequest,
  applied: readonly Applied[],
  { built, noise }: { readonly built: BuiltImage; readonly noise: Noise },
): Promise<BuiltTrial> {
  const before = observation.first.image;
  const allows = applied.flatMap(({ proposal }) => proposal.allows);
  const packages = allows.some(({ what }) => what === 'packages')
    ? await distribution?.factsOf(built.image)
    : undefined;
  const verdict = judge(before, built.image, {
    ...{ noise, allows, normalised: await leftOut(before, built.image) },
    ...(packages ? { packages } : {}),
  });
  if (!verdict.same) return { same: false, verdict, built };
  const mustSay = applied.some(({ proposal }) => proposal.mustAsk);
  const asked = await checks.ask(built.image, mustSay);
  const told = { verdict, checks: asked, built };
  if (mustSay && !asked.some(({ outcome }) => outcome === 'alike'))
    return {
      ...told,
      same: false,
      failure: 'nothing that was asked of both images says that they behave alike',
    };
  return { ...told, same: asked.every(({ outcome }) => outcome !== 'different') };
}

/**
 * The network failed twice. Where it does so for the original too, it is not the draft that is to blame, and nothing more
 * can be found out. @throws MilleError the draft's, as it is the world's
 */
async function blameTheWorld(
  { options, events, making, world }: TrialRequest,
  error: MilleError,
): Promise<void> {
  if (world.wellAt !== undefined && performance.now() - world.wellAt < TRUST) return;
  try {
    await phase(events, 'build the original, to know whether it is the network', (inner) =>
      buildImage({ ...options, noCache: true }, inner, making),
    );
    world.wellAt = performance.now();
  } catch (other) {
    if (!isNetworkFailure(other)) throw other;
    throw new MilleError('network', `the network fails, for the original as well: ${error.message}`, {
      hint: 'nothing can be proved without it; try again later',
      ...(error.output ? { output: error.output } : {}),
      cause: error,
    });
  }
}
