// Titles of steps: `[stage-1 2/5] RUN make`, numbered and worded as BuildKit does, because Docker's users read logs
// by them.

import { looksSecret, redactUrls } from '../../core/index.ts';
import { expandWord } from '../../lang/dockerfile/index.ts';
import type { Scope } from './scope.ts';

/** The number of a step within its stage. */
export interface StepPlace {
  /** What it is made for, where that is to be said. */
  readonly platform?: string;
  readonly stage: string;
  readonly number: number;
  readonly total: number;
}

/** Counts the steps of a stage. */
export class TitleCounter {
  #number = 0;

  constructor(
    readonly stage: string,
    readonly total: number,
  ) {}

  /** Takes the next number. @param platform what the step is made for, where that is to be said */
  next(platform?: string): StepPlace {
    this.#number++;
    const said = platform === undefined ? {} : { platform };
    return { ...said, stage: this.stage, number: this.#number, total: this.total };
  }

  /**
   * An instruction as a title shows it: variables expanded. RUN keeps its quotes and what is not set; others lose
   * both. `masked` are variables whose value comes from a secret; those that are named like one are not shown either.
   */
  describe(
    scope: Scope,
    text: string,
    { run = false, masked = new Set<string>() }: { run?: boolean; masked?: ReadonlySet<string> } = {},
  ): string {
    const get = scope.state.environment.lookup;
    const lookup = (name: string): string | undefined =>
      masked.has(name) || (looksSecret(name) && get(name) !== undefined) ? '****' : get(name);
    return upperFirst(
      expandLeniently(text, { lookup, escape: scope.plan.escape, keepQuotes: run, keepUnset: run }),
    );
  }
}

function expandLeniently(text: string, options: Parameters<typeof expandWord>[1]): string {
  try {
    return expandWord(text, options).text;
  } catch {
    return text;
  }
}

function upperFirst(text: string): string {
  const space = text.indexOf(' ');
  return space < 0 ? text.toUpperCase() : text.slice(0, space).toUpperCase() + text.slice(space);
}

/** Puts the place in front of a description. */
export function stepTitle(
  { platform, stage, number, total }: StepPlace,
  text: string,
  trigger = false,
): string {
  const width = String(total).length;
  const name = [platform, stage].map((part) => (part ? `${part} ` : '')).join('');
  return `[${name}${String(number).padStart(width)}/${total}] ${trigger ? 'ONBUILD ' : ''}${redactUrls(text)}`;
}
