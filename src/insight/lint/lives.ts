// When bases stop getting fixes of security. Where a maker has several ends it is that of the free, public ones: Debian's
// is that of its long-term support, Ubuntu's that of its standard support.
//
// The dates are those of endoflife.date (which gathers the announcements of the makers) as of 22 August 2026, most of them
// from `insight/tags`. What is not in the table is not judged.

import { type Cycle, LIFE_CYCLES } from '../tags/index.ts';

/** What official images are called, by the product of the dates; and whether its longer support is meant. */
const PRODUCTS: Readonly<Record<string, readonly [product: string, longer?: 'extended']>> = {
  debian: ['debian', 'extended'],
  ubuntu: ['ubuntu'],
  alpine: ['alpine-linux'],
  node: ['nodejs'],
  python: ['python'],
  php: ['php'],
  ruby: ['ruby'],
  golang: ['go'],
  postgres: ['postgresql'],
  mysql: ['mysql', 'extended'],
  mariadb: ['mariadb'],
  fedora: ['fedora'],
};

/** Products of which `insight/tags` has no dates. */
const OTHERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  centos: {
    '5': '2017-03-31',
    '6': '2020-11-30',
    '7': '2024-06-30',
    '8': '2021-12-31',
  },
  dotnet: {
    '2.1': '2021-08-21',
    '2.2': '2019-12-23',
    '3.0': '2020-03-03',
    '3.1': '2022-12-13',
    '5': '2022-05-10',
    '6': '2024-11-12',
    '7': '2024-05-14',
    '8': '2026-11-10',
    '9': '2026-11-10',
    '10': '2028-11-14',
  },
  'opensuse/leap': {
    '15.0': '2019-12-03',
    '15.1': '2021-02-02',
    '15.2': '2022-01-04',
    '15.3': '2022-12-31',
    '15.4': '2023-12-07',
    '15.5': '2024-12-31',
    '15.6': '2026-04-30',
    '16.0': '2027-10-31',
  },
};

/** Days by release, as `YYYY-MM-DD`: the last on which it is supported. */
export const LIVES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ...Object.fromEntries(
    Object.entries(PRODUCTS).map(([image, [product, longer]]) => {
      const ends = (one: Cycle) => (longer === undefined ? one.ends : (one.extended ?? one.ends));
      const known = cyclesOf(product).flatMap((one) => {
        const end = ends(one);
        return end === undefined ? [] : [[one.codename ?? one.cycle, end] as const];
      });
      return [image, Object.fromEntries(known)];
    }),
  ),
  ...OTHERS,
};

/** Other names of releases: the numbers of those that are known by their codenames. */
const ALIASES: Readonly<Record<string, Readonly<Record<string, string>>>> = Object.fromEntries(
  ['debian', 'ubuntu'].map((product) => [
    product,
    Object.fromEntries(
      cyclesOf(product).flatMap(({ cycle, codename }) => (codename ? [[cycle, codename]] : [])),
    ),
  ]),
);

function cyclesOf(product: string): readonly Cycle[] {
  return LIFE_CYCLES.products[product]?.cycles ?? [];
}

/** A release and the last day of its support. */
export interface Life {
  readonly product: string;
  readonly release: string;
  readonly end: string;
}

/** The releases that a tag of an official image names: its own, and that of the system below in `3.13-bookworm`. */
export function livesOf(image: string, tag: string): readonly Life[] {
  const product = productOf(image);
  const parts = tag.split('-');
  const own = ownLife(product, parts[0] ?? '');
  const below = parts.slice(own ? 1 : 0).flatMap((part) => {
    const alpine = /^alpine(\d+\.\d+)$/.exec(part)?.[1];
    if (alpine !== undefined) return life('alpine', alpine);
    return product === 'debian' || product === 'ubuntu'
      ? []
      : [...life('debian', part), ...life('ubuntu', part)];
  });
  return [...(own ? [own] : []), ...below];
}

/** The name in the table for an image. */
function productOf(image: string): string {
  if (image.startsWith('mcr.microsoft.com/dotnet/')) return 'dotnet';
  return image.replace(/^(docker\.io\/)?(library\/)?/, '');
}

function ownLife(product: string, version: string): Life | undefined {
  const table = Object.hasOwn(LIVES, product) ? LIVES[product] : undefined;
  if (!table) return undefined;
  const numbers = version.split('.');
  const names = [
    version,
    ALIASES[product]?.[version],
    ALIASES[product]?.[numbers[0] ?? ''],
    numbers.slice(0, 2).join('.'),
    numbers[0],
  ];
  const found = names.find((name) => name !== undefined && Object.hasOwn(table, name));
  return found === undefined ? undefined : life(product, found)[0];
}

function life(product: string, release: string): readonly Life[] {
  const table = LIVES[product] ?? {};
  return Object.hasOwn(table, release) ? [{ product, release, end: table[release]! }] : [];
}
