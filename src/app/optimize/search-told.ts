// How far a search is, in words: what is tried, what came of it, what is left out and why.

import { displayPath } from '../../core/index.ts';
import { type Applied, keyOf } from '../../insight/optimize/index.ts';
import type { LeftOut, Purpose, Trial } from './search.ts';
import { shownText } from './shown-text.ts';

/** Of what differs, so many are named. */
const MOST_NAMES = 3;
/** A change's words are cut to so many characters in a title. */
const LONGEST = 60;

/** A trial's title, and the lines that say what is tried. */
export function tryText(
  number: number,
  applied: readonly Applied[],
  { proposed, without, left }: Purpose,
): { readonly title: string; readonly about: readonly string[] } {
  const all = proposed.length;
  if (without)
    return {
      title: `try ${number}: all ${all} changes but ${indexOf(proposed, without)}, which the refusal speaks of (${cut(without.proposal.title)})`,
      about: [],
    };
  if (applied.length < all)
    return {
      title: `try ${number}: the first ${applied.length} of ${all} changes, to find the one that is to blame (${left === 0 ? 'the last of these tries' : `then at most ${left} more of these tries`})`,
      about: [],
    };
  return {
    title: `try ${number}: ${all === 1 ? 'one change' : all === 2 ? 'both changes' : `all ${all} changes`}`,
    about: applied.map((one, i) => `change ${i + 1}: ${changeText(one)}`),
  };
}

/** What came of a trial. */
export function trialText(trial: Trial): string {
  return trial.same ? 'the same but for what was to change' : `not the same: ${whyText(trial)}`;
}

/** A change that is left out from here on, with what speaks against it. */
export function refusedText({ applied, trial }: LeftOut): string {
  return `refused: ${changeText(applied)}${trial ? `: ${whyText(trial)}` : ''}`;
}

function changeText({ rewrite, proposal }: Applied): string {
  return `${rewrite.name}, ${shownText(proposal.title)}`;
}

function indexOf(proposed: readonly Applied[], one: Applied): number {
  return proposed.findIndex((other) => keyOf(other) === keyOf(one)) + 1;
}

function whyText({ verdict, failure, checks = [] }: Trial): string {
  if (failure !== undefined)
    return `${verdict ? '' : 'it does not build: '}${shownText(failure.split('\n', 1)[0]!)}`;
  const names = [
    ...(verdict?.config ?? []).map(({ what, kind }) => `${kind} ${what} of the config`),
    ...(verdict?.files ?? []).map(({ path, kind, aspects }) =>
      [kind, displayPath(`/${path}`), ...(kind === 'changed' ? [`(${aspects.join(', ')})`] : [])].join(' '),
    ),
    ...(verdict?.missed ?? []).map(
      (one) => `${one.what === 'file' ? displayPath(`/${one.path}`) : one.name} misses ${one.needed}`,
    ),
    ...checks.flatMap(({ outcome, command }) =>
      outcome === 'different' ? [`"${shownText(command)}" ends otherwise`] : [],
    ),
  ];
  const more = names.length - MOST_NAMES;
  return `${names.slice(0, MOST_NAMES).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

function cut(text: string): string {
  const shown = shownText(text);
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown;
}
