// Proving: what was proposed is built and compared with the original. Where something else comes of it, the change that
// does it is looked for, refused, and the rest tried again. What is left is built once more from nothing: the figures are
// of that, on the same terms as the original's, and it is compared as well.

import { MilleError } from '../../core/index.ts';
import { type Applied, keyOf, type Proposed, suspectOf } from '../../insight/optimize/index.ts';
import { type Noise, noiseOf, type OtherBuild } from '../../insight/verify/index.ts';
import { type BuiltImage, buildImage } from './built-image.ts';
import { leftOut } from './left-out.ts';
import { newMountSpace, usedMounts } from './mount-space.ts';
import { onceMore } from './network-failure.ts';
import { phase } from './phase.ts';
import { fairSteps } from './same-steps.ts';
import { type Found, type LeftOut, type Purpose, type SearchRequest, search } from './search.ts';
import { refusedText, tryText } from './search-told.ts';
import { type BuiltTrial, judged, type TrialOptions, type TrialRequest, tryDraft } from './trial.ts';

/** Builds of drafts, at most: a file of many changes of which many are bad ends with what was proved until then. */
const MOST_TRIALS = 40;
const MOST_COLD_TRIALS = 8;
/**
 * A build from nothing that takes no longer, in seconds, is made twice of either side, in turns, for fairness. For one that
 * takes next to nothing nobody cares how much of that is gained.
 */
const QUICK = 20;
const NOTHING = 1.5;
/** One that uses cache mounts is made twice up to here: with them empty, and as they are then. */
const LONG = 300;

/** What was proved. */
export interface Proof extends Found<BuiltTrial> {
  readonly before: Figures;
  /** Of what is left; absent where nothing is. */
  readonly after?: Figures;
}

/** Seconds of builds from nothing. */
export interface Figures {
  readonly built: BuiltImage;
  /** The least. With cache mounts: empty ones. */
  readonly seconds: number;
  /** With cache mounts as the build before left them; absent where there are none. */
  readonly withMounts?: number;
}

/** How to prove. */
export interface ProveRequest extends TrialRequest {
  /** Proposes again, without those of some keys. */
  readonly again: (refused: ReadonlySet<string>) => Proposed;
}

/** Proves what is proposed, as much of it as can be. @throws MilleError `interrupted`, `network` */
export async function prove(request: ProveRequest): Promise<Proof> {
  const proof = new ColdProof(request);
  const warm = await search({
    again: request.again,
    most: MOST_TRIALS,
    attempt: (applied, purpose) => proof.warm(applied, purpose),
    ...telling(request),
  });
  const found = warm.trial ? await coldSearch(request, proof, warm) : warm;
  return { ...found, ...(await proof.figures(found)) };
}

async function coldSearch(
  request: ProveRequest,
  proof: ColdProof,
  warm: Found<BuiltTrial>,
): Promise<Found<BuiltTrial>> {
  const untried = warm.untried.map(keyOf);
  const found = await search({
    again: (refused) => request.again(new Set([...refused, ...untried])),
    most: MOST_COLD_TRIALS,
    attempt: (applied, purpose) => proof.cold(applied, purpose),
    ...telling(request),
    refused: warm.refused as readonly LeftOut<BuiltTrial>[],
  });
  return { ...found, untried: [...found.untried, ...warm.untried] };
}

/** Whom a refusal speaks of, and who is told of it. */
function telling({ events }: ProveRequest): Pick<SearchRequest<BuiltTrial>, 'suspect' | 'onRefused'> {
  return {
    suspect: (applied, { verdict, failure, failedAt }) =>
      suspectOf(applied, {
        files: verdict?.files ?? [],
        config: (verdict?.config ?? []).map(({ what }) => what),
        ...(failure === undefined ? {} : { failure }),
        ...(failedAt === undefined ? {} : { failedAt }),
      }),
    onRefused: (one) => events({ type: 'note', message: refusedText(one) }),
  };
}

/** Trials, and what is known by them of the original. */
class ColdProof {
  private readonly space = newMountSpace();
  private tries = 0;
  private noise: Noise;
  private third: BuiltImage | undefined;
  /** By the first of them: builds from nothing of what was accepted, and the word of their cache mounts. */
  private readonly coldBuilds = new Map<
    BuiltImage,
    { readonly builds: readonly BuiltImage[]; readonly space: string }
  >();

  constructor(private readonly request: ProveRequest) {
    this.noise = request.observation.noise;
    request.making.spaces.add(this.space);
  }

  /** With what the cache has: what is built before a change is the original's own. */
  warm(applied: readonly Applied[], purpose: Purpose): Promise<BuiltTrial> {
    const told = tryText(++this.tries, applied, purpose);
    return this.attempt(applied, { ...told, cold: false, mountSpace: this.space });
  }

  /** From nothing, twice where that is quick. */
  async cold(applied: readonly Applied[], purpose: Purpose): Promise<BuiltTrial> {
    const mountSpace = newMountSpace();
    this.request.making.spaces.add(mountSpace);
    const how = { cold: true, mountSpace };
    const { title } = tryText(++this.tries, applied, purpose);
    const first = await this.attempt(applied, { ...how, title: `${title}, from nothing` });
    if (!first.built) return first;
    const { second: original, mountSpace: originalMounts } = this.request.observation;
    const seconds = Math.max(first.built.seconds, original.seconds);
    const quick = seconds > NOTHING && seconds <= QUICK;
    const uses = await usedMounts(mountSpace);
    // The first build of the original, whose cache mounts were empty too, was watched, which takes longer. And it may be that
    // it is not the changes that make the difference: the original can differ from itself more than two builds tell.
    if (first.verdict?.same === false || quick || (uses && (await usedMounts(originalMounts))))
      await this.buildOriginalAgain();
    const again = first.verdict?.same === false ? await this.judge(applied, first.built) : first;
    this.coldBuilds.set(first.built, { builds: [first.built], space: mountSpace });
    if (!again.same || !(quick || (uses && seconds <= LONG))) return again;
    const second = await this.attempt(applied, { ...how, title: `${title}, from nothing once more` });
    if (!second.same || !second.built) return second;
    this.coldBuilds.set(first.built, { builds: [first.built, second.built], space: mountSpace });
    return again;
  }

  /** What was measured, of both sides on the same terms. */
  async figures({ trial }: Found<BuiltTrial>): Promise<Pick<Proof, 'before' | 'after'>> {
    const { first, second, mountSpace } = this.request.observation;
    const built = trial?.built;
    const cold = built && this.coldBuilds.get(built);
    const again = this.third ? [this.third] : [];
    const before = (await usedMounts(mountSpace))
      ? figuresOf(first, [first, ...again], second)
      : figuresOf(first, [first, second, ...again]);
    if (!built || !cold) return { before };
    const [one, ...two] = cold.builds;
    const after = (await usedMounts(cold.space))
      ? figuresOf(built, [one!], two[0])
      : figuresOf(built, [one!, ...two]);
    return fairly(before, after);
  }

  private attempt(applied: readonly Applied[], how: Omit<TrialOptions, 'noise'>): Promise<BuiltTrial> {
    return tryDraft(this.request, applied, { ...how, noise: this.noise });
  }

  private judge(applied: readonly Applied[], built: BuiltImage): Promise<BuiltTrial> {
    return judged(this.request, applied, { built, noise: this.noise });
  }

  /** A third time, at most: for its figures, beside those of a draft, and for what differs by itself. */
  private async buildOriginalAgain(): Promise<void> {
    if (this.third) return;
    const { observation, options, events, making } = this.request;
    const mountSpace = newMountSpace();
    making.spaces.add(mountSpace);
    const again = { ...options, noCache: true, mountSpace };
    try {
      this.third = await onceMore(
        (title) => phase(events, title, (inner) => buildImage(again, inner, making)),
        ['build the original once more', 'build the original once more: the network failed'],
      );
    } catch (error) {
      if (!(error instanceof MilleError) || error.code === 'interrupted') throw error;
      // It was built twice: what was proved stands.
      events({ type: 'warning', message: `the original did not build a third time: ${error.message}` });
      return;
    }
    const { first, second } = observation;
    const others: OtherBuild[] = [];
    for (const { image } of [second, this.third])
      others.push({ image, normalised: await leftOut(first.image, image) });
    this.noise = noiseOf(first.image, others);
  }
}

function figuresOf(built: BuiltImage, builds: readonly BuiltImage[], warm?: BuiltImage): Figures {
  const all = warm ? [...builds, warm] : builds;
  const steps = new Map(built.steps);
  for (const one of all) {
    for (const [id, run] of one.steps) {
      const known = steps.get(id);
      if (known && run.seconds < known.seconds) steps.set(id, { ...known, seconds: run.seconds });
    }
  }
  return {
    built: { ...built, steps },
    seconds: Math.min(...builds.map(({ seconds }) => seconds)),
    ...(warm ? { withMounts: warm.seconds } : {}),
  };
}

/** What is the same in both takes as long in both; where all of it is, so does the whole. */
function fairly(before: Figures, after: Figures): { readonly before: Figures; readonly after: Figures } {
  const fair = fairSteps(before.built.steps, after.built.steps);
  const seconds = fair.alike ? Math.min(before.seconds, after.seconds) : undefined;
  const of = (figures: Figures, steps: BuiltImage['steps']): Figures => ({
    ...{ ...figures, built: { ...figures.built, steps } },
    ...(seconds === undefined ? {} : { seconds }),
  });
  return { before: of(before, fair.before), after: of(after, fair.after) };
}
