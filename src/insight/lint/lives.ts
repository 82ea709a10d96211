// When bases stop getting fixes of security. Where a maker has several ends it is that of the free, public ones: Debian's
// is that of its long-term support, Ubuntu's that of its standard support.
//
// Taken from the makers' own announcements (wiki.debian.org/LTS, ubuntu.com/about/release-cycle, alpinelinux.org/releases,
// github.com/nodejs/release, devguide.python.org/versions, php.net/supported-versions, ruby-lang.org, centos.org), as they
// stood in August 2026. What is not in the table is not judged.

/** Days by release, as `YYYY-MM-DD`: the last on which it is supported. */
export const LIVES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  debian: {
    wheezy: '2018-05-31',
    jessie: '2020-06-30',
    stretch: '2022-06-30',
    buster: '2024-06-30',
    bullseye: '2026-08-31',
    bookworm: '2028-06-30',
    trixie: '2030-06-30',
  },
  ubuntu: {
    trusty: '2019-04-30',
    xenial: '2021-04-30',
    bionic: '2023-05-31',
    focal: '2025-05-31',
    jammy: '2027-04-30',
    noble: '2029-04-30',
    kinetic: '2023-07-20',
    lunar: '2024-01-25',
    mantic: '2024-07-11',
    oracular: '2025-07-10',
    plucky: '2026-01-15',
  },
  alpine: {
    '3.12': '2022-05-01',
    '3.13': '2022-11-01',
    '3.14': '2023-05-01',
    '3.15': '2023-11-01',
    '3.16': '2024-05-23',
    '3.17': '2024-11-22',
    '3.18': '2025-05-09',
    '3.19': '2025-11-01',
    '3.20': '2026-04-01',
    '3.21': '2026-11-01',
    '3.22': '2027-05-01',
    '3.23': '2027-11-01',
  },
  node: {
    '8': '2019-12-31',
    '10': '2021-04-30',
    '12': '2022-04-30',
    '14': '2023-04-30',
    '16': '2023-09-11',
    '17': '2022-06-01',
    '18': '2025-04-30',
    '19': '2023-06-01',
    '20': '2026-04-30',
    '21': '2024-06-01',
    '22': '2027-04-30',
    '23': '2025-06-01',
    '24': '2028-04-30',
  },
  python: {
    '2.7': '2020-01-01',
    '3.5': '2020-09-30',
    '3.6': '2021-12-23',
    '3.7': '2023-06-27',
    '3.8': '2024-10-07',
    '3.9': '2025-10-31',
    '3.10': '2026-10-31',
    '3.11': '2027-10-31',
    '3.12': '2028-10-31',
    '3.13': '2029-10-31',
    '3.14': '2030-10-31',
  },
  php: {
    '7.2': '2020-11-30',
    '7.3': '2021-12-06',
    '7.4': '2022-11-28',
    '8.0': '2023-11-26',
    '8.1': '2025-12-31',
    '8.2': '2026-12-31',
    '8.3': '2027-12-31',
    '8.4': '2028-12-31',
  },
  ruby: {
    '2.6': '2022-04-12',
    '2.7': '2023-03-31',
    '3.0': '2024-04-23',
    '3.1': '2025-03-26',
    '3.2': '2026-03-31',
    '3.3': '2027-03-31',
  },
  centos: { '6': '2020-11-30', '7': '2024-06-30', '8': '2021-12-31' },
};

/** Other names of releases. */
const ALIASES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  debian: {
    '7': 'wheezy',
    '8': 'jessie',
    '9': 'stretch',
    '10': 'buster',
    '11': 'bullseye',
    '12': 'bookworm',
    '13': 'trixie',
  },
  ubuntu: {
    '14.04': 'trusty',
    '16.04': 'xenial',
    '18.04': 'bionic',
    '20.04': 'focal',
    '22.04': 'jammy',
    '24.04': 'noble',
    '22.10': 'kinetic',
    '23.04': 'lunar',
    '23.10': 'mantic',
    '24.10': 'oracular',
    '25.04': 'plucky',
  },
};

/** A release and the last day of its support. */
export interface Life {
  readonly product: string;
  readonly release: string;
  readonly end: string;
}

/** The releases that a tag of an official image names: its own, and that of the system below in `3.13-bookworm`. */
export function livesOf(image: string, tag: string): readonly Life[] {
  const product = image.replace(/^(docker\.io\/)?(library\/)?/, '');
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
  const end = LIVES[product]?.[release];
  return end === undefined ? [] : [{ product, release, end }];
}
