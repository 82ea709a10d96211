// Which of several changes can be made: all, if the result is the same. If it is not, the first change with which it is
// not is looked for by halves and left out, and what is proposed without it tried again. How a trial is made is the
// caller's.

import { type Applied, keyOf, type Proposed } from '../../insight/optimize/index.ts';
import type { CheckVerdict, Verdict } from '../../insight/verify/index.ts';

/** What one trial came to. */
export interface Trial {
  /** Nothing differs that may not. */
  readonly same: boolean;
  readonly verdict?: Verdict;
  readonly checks?: readonly CheckVerdict[];
  /** It did not build: its error, with the last lines of output. */
  readonly failure?: string;
}

/** A change that is not made, and why. */
export interface LeftOut<T extends Trial = Trial> {
  readonly applied: Applied;
  readonly trial?: T;
}

/** What can be made. */
export interface Found<T extends Trial> {
  readonly proposed: Proposed;
  /** With which something else comes of it. */
  readonly refused: readonly LeftOut<T>[];
  /** There were too many trials already: nothing is known of them. */
  readonly untried: readonly Applied[];
  /** Of all changes together; absent where none is left. */
  readonly trial?: T;
}

/** How to search. */
export interface SearchRequest<T extends Trial> {
  /** Proposes again, without those of some keys. */
  readonly again: (refused: ReadonlySet<string>) => Proposed;
  /** Tries the text after some changes, never none. */
  readonly attempt: (applied: readonly Applied[]) => Promise<T>;
  /** Trials at most. */
  readonly most: number;
  /** Those that are refused already. */
  readonly refused?: readonly LeftOut<T>[];
}

/** Searches. What it ends with was tried, and is the same. */
export async function search<T extends Trial>(request: SearchRequest<T>): Promise<Found<T>> {
  const refused = [...(request.refused ?? [])];
  const trials = new Trials(request);
  for (;;) {
    const proposed = request.again(new Set(refused.map(({ applied }) => keyOf(applied))));
    const { applied } = proposed;
    if (applied.length === 0) return { proposed, refused, untried: [] };
    const whole = await trials.of(applied);
    if (whole?.same) return { proposed, refused, untried: [], trial: whole };
    const culprit = whole && (await culpritOf(trials, applied, whole));
    if (!culprit) return asFarAsKnown({ proposed, refused, trials });
    refused.push(culprit);
  }
}

/** Trials that were made, by what was tried: after a refusal much of it is the same as before. */
class Trials<T extends Trial> {
  private readonly known = new Map<string, T>();
  private made = 0;

  constructor(private readonly request: SearchRequest<T>) {}

  /** @returns undefined where there were too many */
  async of(applied: readonly Applied[]): Promise<T | undefined> {
    const known = this.peek(applied);
    if (known || this.made >= this.request.most) return known;
    this.made++;
    const trial = await this.request.attempt(applied);
    this.known.set(keyOfTrial(applied), trial);
    return trial;
  }

  peek(applied: readonly Applied[]): T | undefined {
    return this.known.get(keyOfTrial(applied));
  }
}

/** The same text may be tried with other allowances. */
function keyOfTrial(applied: readonly Applied[]): string {
  const { source, ignoreText } = applied.at(-1)!.after;
  return JSON.stringify([source.text, ignoreText, applied.map(({ proposal }) => proposal.allows)]);
}

/** The first change with which it is not the same any more; undefined where trials ran out. */
async function culpritOf<T extends Trial>(
  trials: Trials<T>,
  applied: readonly Applied[],
  whole: T,
): Promise<LeftOut<T> | undefined> {
  // The first `good` changes are fine; the first `bad` are not.
  let [good, bad, seen] = [0, applied.length, whole];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    const trial = await trials.of(applied.slice(0, middle));
    if (!trial) return undefined;
    if (trial.same) good = middle;
    else [bad, seen] = [middle, trial];
  }
  return { applied: applied[bad - 1]!, trial: seen };
}

/** The longest beginning of the changes that is known to be the same. */
function asFarAsKnown<T extends Trial>({
  proposed: { applied },
  refused,
  trials,
}: {
  readonly proposed: Proposed;
  readonly refused: readonly LeftOut<T>[];
  readonly trials: Trials<T>;
}): Found<T> {
  for (let length = applied.length - 1; length > 0; length--) {
    const made = applied.slice(0, length);
    const trial = trials.peek(made);
    if (!trial?.same) continue;
    const proposed = { draft: made.at(-1)!.after, applied: made };
    return { proposed, refused, untried: applied.slice(length), trial };
  }
  return { proposed: { draft: applied[0]!.before, applied: [] }, refused, untried: applied };
}
