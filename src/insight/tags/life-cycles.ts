// Until when things are supported: dated facts, kept as data. `life-cycles.json` holds a snapshot and its day; a newer
// one of the same form may be handed in wherever one is asked for.

import data from './life-cycles.json' with { type: 'json' };

/** One line of releases. Days are `YYYY-MM-DD`; one that is missing is not known, or was not decided yet. */
export interface Cycle {
  /** `3.12`, `12`, `24.04`. */
  readonly cycle: string;
  readonly codename?: string;
  readonly released: string;
  /** Whether it is supported for long; or the day from which it is called so. */
  readonly lts?: boolean | string;
  /** The last day of changes that are no repairs. */
  readonly active?: string;
  /** The last day of its makers' support: security included. */
  readonly ends?: string;
  /** The last day of what follows: LTS of Debian, Ubuntu Pro. */
  readonly extended?: string;
  /** It has ended, and nobody says when. */
  readonly ended?: boolean;
  /** The newest release of the line, on the day of the data. */
  readonly latest?: string;
}

/** A product with its lines of releases, the newest first. */
export interface Product {
  readonly title: string;
  readonly cycles: readonly Cycle[];
  /** Of which day its dates are, where they are not of the day that all others are of. */
  readonly asOf?: string;
}

/** Dates of some products, and of which day they are. */
export interface LifeCycles {
  readonly asOf: string;
  readonly source: string;
  readonly products: Readonly<Record<string, Product>>;
}

/** The dates that come with the program. */
export const LIFE_CYCLES: LifeCycles = data;

/** Of which day the dates of a product are. */
export function dayOf({ asOf, products }: LifeCycles, product: string): string {
  return (Object.hasOwn(products, product) ? products[product]?.asOf : undefined) ?? asOf;
}

/** The line of a product, by its number or codename. */
export function cycleOf(cycles: LifeCycles, product: string, name: string): Cycle | undefined {
  const known = Object.hasOwn(cycles.products, product) ? cycles.products[product] : undefined;
  return known?.cycles.find(({ cycle, codename }) => cycle === name || codename === name);
}
