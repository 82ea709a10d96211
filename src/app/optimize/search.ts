// Which of several changes can be made: all, if the result is the same. If it is not, a change that the refusal speaks of
// is left out; where that does not mend it, or none is spoken of, the first change with which it is not the same is looked
// for by halves. Then what is proposed without it is tried again. How a trial is made is the caller's.

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
  /** Where in the text the build failed, if that is known. */
  readonly failedAt?: number;
}

/** What a trial is for. */
export interface Purpose {
  /** All that is proposed now. */
  readonly proposed: readonly Applied[];
  /** The one that is left out to see whether it is to blame; absent where the first ones are tried, or all. */
  readonly without?: Applied;
  /** Trials at most after this one until it is known which one is to blame; 0 where all are tried. */
  readonly left: number;
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
  readonly attempt: (applied: readonly Applied[], purpose: Purpose) => Promise<T>;
  /** The change that a refusal speaks of, where it is one alone. */
  readonly suspect?: (applied: readonly Applied[], trial: T) => Applied | undefined;
  /** Told of each change that is left out, as soon as that is known. */
  readonly onRefused?: (one: LeftOut<T>) => void;
  /** Trials at most. */
  readonly most: number;
  /** Those that are refused already. */
  readonly refused?: readonly LeftOut<T>[];
}

/** Searches. What it ends with was tried, and is the same. */
export async function search<T extends Trial>(request: SearchRequest<T>): Promise<Found<T>> {
  const refused = [...(request.refused ?? [])];
  const trials = new Trials(request);
  const acquitted = new Set<string>();
  for (;;) {
    const proposed = request.again(keysOf(refused));
    const { applied } = proposed;
    if (applied.length === 0) return { proposed, refused, untried: [] };
    const whole = await trials.of(applied, { proposed: applied, left: 0 });
    if (whole?.same) return { proposed, refused, untried: [], trial: whole };
    const culprit =
      whole &&
      ((await suspected(request, { trials, applied, whole, refused, acquitted })) ??
        (await culpritOf(trials, applied, whole)));
    if (!culprit) return asFarAsKnown({ proposed, refused, trials });
    refused.push(culprit);
    request.onRefused?.(culprit);
  }
}

function keysOf(refused: readonly LeftOut[]): Set<string> {
  return new Set(refused.map(({ applied }) => keyOf(applied)));
}

/** What a search knows at a refusal. */
interface Refusal<T extends Trial> {
  readonly trials: Trials<T>;
  readonly applied: readonly Applied[];
  readonly whole: T;
  readonly refused: readonly LeftOut<T>[];
  /** Changes that were suspected, and are not to blame alone. */
  readonly acquitted: Set<string>;
}

/** The change that the refusal speaks of, if it does not happen without it. */
async function suspected<T extends Trial>(
  { again, suspect }: SearchRequest<T>,
  { trials, applied, whole, refused, acquitted }: Refusal<T>,
): Promise<LeftOut<T> | undefined> {
  // Of two changes one trial tells as much.
  const one = applied.length > 2 ? suspect?.(applied, whole) : undefined;
  if (!one || acquitted.has(keyOf(one))) return undefined;
  const rest = again(keysOf([...refused, { applied: one }])).applied;
  const others = new Set(rest.map(keyOf));
  // Where more goes with it, that the refusal goes too says nothing of which of them it was.
  if (applied.some((other) => other !== one && !others.has(keyOf(other)))) return undefined;
  const trial = await trials.of(rest, { proposed: applied, without: one, left: triesOf(applied.length) });
  if (trial && isRelieved(whole, trial)) return { applied: one, trial: without(whole, trial) };
  acquitted.add(keyOf(one));
  return undefined;
}

/** Whether some of what was refused is not any more, and nothing else is instead. */
function isRelieved(before: Trial, after: Trial): boolean {
  if (after.same) return true;
  const [old, now] = [namesIn(before.verdict), namesIn(after.verdict)];
  // It did not build, and does; or differs in less.
  if (!old || !now) return !old && now !== undefined;
  return now.size > 0 && now.size < old.size && [...now].every((name) => old.has(name));
}

/** A refusal without what is refused in another one as well, for which somebody else is to blame. */
function without<T extends Trial>(trial: T, { verdict: other }: Trial): T {
  const names = namesIn(other);
  const { verdict } = trial;
  if (!verdict || !names) return trial;
  const mine = <V>(all: readonly V[], name: (one: V) => string) => all.filter((one) => !names.has(name(one)));
  return {
    ...trial,
    verdict: {
      ...verdict,
      files: mine(verdict.files, NAME.file),
      config: mine(verdict.config, NAME.config),
      ...(verdict.missed ? { missed: mine(verdict.missed, NAME.missed) } : {}),
    },
  };
}

/** All that a comparison found and may not be. */
function namesIn(verdict: Verdict | undefined): Set<string> | undefined {
  return (
    verdict &&
    new Set([
      ...verdict.files.map(NAME.file),
      ...verdict.config.map(NAME.config),
      ...(verdict.missed ?? []).map(NAME.missed),
    ])
  );
}

const NAME = {
  file: ({ path, kind }: Verdict['files'][number]) => `${kind} ${path}`,
  config: ({ what, kind }: Verdict['config'][number]) => `${kind} config ${what}`,
  missed: (one: NonNullable<Verdict['missed']>[number]) => JSON.stringify(one),
};

/** Trials at most, to find one of so many by halves. */
function triesOf(count: number): number {
  return Math.ceil(Math.log2(Math.max(1, count)));
}

/** Trials that were made, by what was tried: after a refusal much of it is the same as before. */
class Trials<T extends Trial> {
  private readonly known = new Map<string, T>();
  private made = 0;

  constructor(private readonly request: SearchRequest<T>) {}

  /** @returns undefined where there were too many */
  async of(applied: readonly Applied[], purpose: Purpose): Promise<T | undefined> {
    const known = this.peek(applied);
    if (known || this.made >= this.request.most) return known;
    this.made++;
    const trial = await this.request.attempt(applied, purpose);
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
    // The larger half, if it is that.
    const left = triesOf(Math.max(middle - good, bad - middle));
    const trial = await trials.of(applied.slice(0, middle), { proposed: applied, left });
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
