// Life cycles that are newer than those in the program: read from what endoflife.date answers about a product (version 1
// of its interface), kept in a form of our own, joined product by product with what the program brings. Nothing of a
// document is believed before it was looked at: names and days are what they look like, or the whole document is refused.

import type { Cycle, LifeCycles, Product } from './life-cycles.ts';

/** A product as of a day of its own. */
export type RefreshedProduct = Product & { readonly asOf: string };

/** By their names at endoflife.date. */
export type RefreshedProducts = Readonly<Record<string, RefreshedProduct>>;

/** What differs between two states of a product. */
export interface LifeCycleChange {
  /** `3.15`. */
  readonly cycle: string;
  /** `new, until 2031-10-31`. */
  readonly text: string;
}

const MOST_CYCLES = 1000;
const NAME = /^[\w.+~-]{1,40}$/;
const DAY = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const TITLE = /^[\x20-\x7e]{1,80}$/;
/** Those whose releases are called by their codename. */
const CALLED_BY_CODENAME = new Set(['debian', 'ubuntu']);

/**
 * Reads what is answered about one product.
 * @param today `2026-11-26`: no document is of a later day
 * @throws Error with what is wrong with it, in a few words
 */
export function readEndOfLife(text: string, product: string, today: string): RefreshedProduct {
  const document = parsed(text);
  const version = String(document.schema_version);
  if (!/^1(?:\.\d{1,6})*$/.test(version)) throw new Error(`it is of schema ${short(version)}, not 1`);
  const made = typeof document.generated_at === 'string' ? document.generated_at.slice(0, 10) : '';
  if (!DAY.test(made)) throw new Error('it does not say when it was made (generated_at)');
  const result = recordOf(document.result);
  if (!result) throw new Error('it has no result');
  if (result.name !== product) throw new Error(`it is about ${short(String(result.name))}`);
  const title = typeof result.label === 'string' && TITLE.test(result.label) ? result.label : undefined;
  if (title === undefined) throw new Error('the product has no name for people (label)');
  const { releases } = result;
  if (!Array.isArray(releases) || releases.length === 0) throw new Error('it lists no releases');
  if (releases.length > MOST_CYCLES) throw new Error(`it lists more than ${MOST_CYCLES} releases`);
  const cycles = releases.flatMap((release) => cycleFrom(release, product) ?? []);
  if (cycles.length === 0) throw new Error('none of its releases has a day of release');
  return { asOf: made > today ? today : made, title, cycles: sorted(cycles) };
}

/** @returns undefined for what is not released */
function cycleFrom(release: unknown, product: string): Cycle | undefined {
  const record = recordOf(release);
  const name = record?.name;
  if (!record || typeof name !== 'string' || !NAME.test(name)) throw new Error('a release has no name');
  const day = (key: string): string | undefined => {
    const value = record[key];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string' || !DAY.test(value)) throw new Error(`${key} of ${name} is no day`);
    return value;
  };
  const released = day('releaseDate');
  if (released === undefined) return undefined;
  const codename =
    CALLED_BY_CODENAME.has(product) && typeof record.codename === 'string'
      ? record.codename.toLowerCase().split(' ')[0]
      : undefined;
  const latest = recordOf(record.latest)?.name;
  const since = day('ltsFrom');
  const lts = since ?? (record.isLts === true ? true : undefined);
  const [active, ends, extended] = [day('eoasFrom'), day('eolFrom'), day('eoesFrom')];
  return {
    cycle: name,
    ...(codename !== undefined && /^[a-z]{1,20}$/.test(codename) ? { codename } : {}),
    released,
    ...(lts === undefined ? {} : { lts }),
    ...(active === undefined ? {} : { active }),
    ...(ends === undefined ? {} : { ends }),
    ...(extended === undefined ? {} : { extended }),
    ...(ends === undefined && record.isEol === true ? { ended: true } : {}),
    ...(typeof latest === 'string' && NAME.test(latest) ? { latest } : {}),
  };
}

/** The newest first, as everybody who reads them expects; of one day as they came. */
function sorted(cycles: readonly Cycle[]): readonly Cycle[] {
  return cycles.toSorted((a, b) => (a.released === b.released ? 0 : a.released < b.released ? 1 : -1));
}

const FORMAT = 1;

/** As it is kept. */
export function writeRefreshed(products: RefreshedProducts): string {
  return `${JSON.stringify({ format: FORMAT, products })}\n`;
}

/**
 * Reads what was kept.
 * @returns undefined for a form that another version of the program has
 * @throws Error where it is none
 */
export function readRefreshed(text: string): RefreshedProducts | undefined {
  const document = parsed(text);
  if (document.format !== FORMAT) return undefined;
  const products = recordOf(document.products);
  if (!products) throw new Error('it holds no products');
  return Object.fromEntries(
    Object.entries(products).map(([name, value]) => [name, keptProduct(name, recordOf(value))]),
  );
}

function keptProduct(name: string, kept: Readonly<Record<string, unknown>> | undefined): RefreshedProduct {
  const { asOf, title, cycles } = kept ?? {};
  const sound =
    NAME.test(name) &&
    typeof asOf === 'string' &&
    DAY.test(asOf) &&
    typeof title === 'string' &&
    TITLE.test(title) &&
    Array.isArray(cycles) &&
    cycles.length > 0 &&
    cycles.length <= MOST_CYCLES &&
    cycles.every(isCycle);
  if (!sound) throw new Error(`what it says of ${short(name)} is damaged`);
  return { asOf, title, cycles };
}

function isCycle(value: unknown): value is Cycle {
  const record = recordOf(value);
  const optional = (key: string, fits: (text: unknown) => boolean) =>
    record?.[key] === undefined || fits(record[key]);
  const isDay = (text: unknown) => typeof text === 'string' && DAY.test(text);
  const isName = (text: unknown) => typeof text === 'string' && NAME.test(text);
  return (
    record !== undefined &&
    isName(record.cycle) &&
    isDay(record.released) &&
    ['active', 'ends', 'extended'].every((key) => optional(key, isDay)) &&
    ['codename', 'latest'].every((key) => optional(key, isName)) &&
    optional('lts', (one) => typeof one === 'boolean' || isDay(one)) &&
    optional('ended', (one) => typeof one === 'boolean')
  );
}

/** The newer of both, product by product: what was refreshed long ago does not hide what a newer program brings. */
export function joinLifeCycles(own: LifeCycles, refreshed: RefreshedProducts): LifeCycles {
  const newer = Object.entries(refreshed).filter(([, { asOf }]) => asOf > own.asOf);
  return { ...own, products: { ...own.products, ...Object.fromEntries(newer) } };
}

/** What people want to know of an update: lines that came, went, or end on another day. */
export function lifeCycleChanges(before: Product | undefined, after: Product): LifeCycleChange[] {
  const known = new Map(before?.cycles.map((one) => [one.cycle, one]));
  const now = new Set(after.cycles.map(({ cycle }) => cycle));
  const gone = [...known.keys()].filter((cycle) => !now.has(cycle));
  return [
    ...after.cycles.flatMap((one) => {
      const { cycle } = one;
      const earlier = known.get(cycle);
      const end = endOf(one);
      if (!earlier) return [{ cycle, text: end === undefined ? 'new' : `new, ${end}` }];
      const was = endOf(earlier);
      if (was === end) return [];
      return [{ cycle, text: `${end ?? 'without an end'}, was ${was ?? 'without an end'}` }];
    }),
    ...gone.map((cycle) => ({ cycle, text: 'no longer listed' })),
  ];
}

function endOf({ ends, extended, ended }: Cycle): string | undefined {
  if (ended) return 'ended';
  const days = [ends, extended === ends ? undefined : extended].filter((one) => one !== undefined);
  return days.length === 0 ? undefined : `until ${days.join(' and ')}`;
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // An error page, more often than not.
    throw new Error('it is no JSON');
  }
  const record = recordOf(value);
  if (!record) throw new Error('it is no object');
  return record;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

function short(text: string): string {
  return JSON.stringify(text.slice(0, 40));
}
