// Proving: what was proposed is built and compared with the original. Where something else comes of it, the change that
// does it is looked for, refused, and the rest tried again.

import { type EventSink, MilleError } from '../../core/index.ts';
import { type Applied, type Draft, keyOf, type Proposed } from '../../insight/optimize/index.ts';
import { judge, type Verdict } from '../../insight/verify/index.ts';
import type { BuildOptions } from '../types.ts';
import { type BuiltImage, buildImage, type Making } from './built-image.ts';
import { withDraftFiles } from './draft-files.ts';
import type { Observation } from './observe.ts';
import { phase } from './phase.ts';

/** A change that is not to be made, and why. */
export interface Refused {
  readonly applied: Applied;
  readonly verdict?: Verdict;
  readonly failure?: string;
}

/** What was proved. */
export interface Proof {
  readonly proposed: Proposed;
  readonly refused: readonly Refused[];
  /** Absent where nothing is left. */
  readonly built?: BuiltImage;
  readonly verdict?: Verdict;
}

/** What one build of a draft came to. */
type Trial = { readonly built?: BuiltImage; readonly verdict?: Verdict; readonly failure?: string };

/** How to prove. */
export interface ProveRequest {
  readonly observation: Observation;
  readonly options: BuildOptions;
  /** Proposes again, without those of some keys. */
  readonly again: (refused: ReadonlySet<string>) => Proposed;
  readonly events: EventSink;
  readonly making: Making;
}

/** Proves what is proposed, as much of it as can be. @throws MilleError `interrupted` */
export async function prove(request: ProveRequest): Promise<Proof> {
  const refused: Refused[] = [];
  for (;;) {
    const proposed = request.again(new Set(refused.map(({ applied }) => keyOf(applied))));
    const last = proposed.applied.at(-1);
    if (!last) return { proposed, refused };
    const whole = await tryDraft(request, proposed.applied);
    if (whole.verdict?.same) return { proposed, refused, ...whole };
    refused.push(await culpritOf(request, proposed.applied, whole));
  }
}

/** The first change with which it is not the same any more: found by halves. */
async function culpritOf(request: ProveRequest, applied: readonly Applied[], whole: Trial): Promise<Refused> {
  // The first `good` changes are fine; the first `bad` are not.
  let [good, bad, seen] = [0, applied.length, whole];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    const trial = await tryDraft(request, applied.slice(0, middle));
    if (trial.verdict?.same) good = middle;
    else [bad, seen] = [middle, trial];
  }
  const { verdict, failure } = seen;
  return {
    applied: applied[bad - 1]!,
    ...(verdict ? { verdict } : {}),
    ...(failure === undefined ? {} : { failure }),
  };
}

/** Builds the text after some changes, and judges it by what these allow. */
async function tryDraft(request: ProveRequest, applied: readonly Applied[]): Promise<Trial> {
  const { observation, options, events, making } = request;
  const draft: Draft = applied.at(-1)!.after;
  try {
    const built = await withDraftFiles(draft, (dockerfile) =>
      phase(events, titleOf(applied), (inner) => buildImage({ ...options, dockerfile }, inner, making)),
    );
    const verdict = judge(observation.first.image, built.image, {
      noise: observation.around.evidence.noise,
      allows: applied.flatMap(({ proposal }) => proposal.allows),
    });
    return { built, verdict };
  } catch (error) {
    if (!(error instanceof MilleError) || error.code === 'interrupted') throw error;
    return { failure: error.message };
  }
}

function titleOf({ length }: readonly Applied[]): string {
  return `build with ${length === 1 ? 'one change' : `${length} changes`}`;
}
