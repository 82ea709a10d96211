// When bases stop getting fixes of security. Where a maker has several ends it is that of the free, public ones: Debian's
// is that of its long-term support, Ubuntu's that of its standard support.
//
// The dates are those of endoflife.date (which gathers the announcements of the makers) as of 22 August 2026. What is not
// in the table is not judged.

/** Days by release, as `YYYY-MM-DD`: the last on which it is supported. */
export const LIVES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  debian: {
    squeeze: '2016-02-29',
    wheezy: '2018-05-31',
    jessie: '2020-06-30',
    stretch: '2022-07-01',
    buster: '2024-06-30',
    bullseye: '2026-08-31',
    bookworm: '2028-06-30',
    trixie: '2030-06-30',
  },
  ubuntu: {
    precise: '2017-04-28',
    quantal: '2014-05-16',
    raring: '2014-01-27',
    saucy: '2014-07-17',
    trusty: '2019-04-02',
    utopic: '2015-07-23',
    vivid: '2016-02-04',
    wily: '2016-07-28',
    xenial: '2021-04-02',
    yakkety: '2017-07-20',
    zesty: '2018-01-13',
    artful: '2018-07-19',
    bionic: '2023-05-31',
    cosmic: '2019-07-18',
    disco: '2020-01-23',
    eoan: '2020-07-06',
    focal: '2025-05-31',
    groovy: '2021-07-22',
    hirsute: '2022-01-20',
    impish: '2022-07-14',
    jammy: '2027-04-01',
    kinetic: '2023-07-20',
    lunar: '2024-01-20',
    mantic: '2024-07-12',
    noble: '2029-05-31',
    oracular: '2025-07-10',
    plucky: '2026-01-17',
    questing: '2026-07-01',
    resolute: '2031-04-30',
  },
  alpine: {
    '3.0': '2016-05-01',
    '3.1': '2016-11-01',
    '3.2': '2017-05-01',
    '3.3': '2017-11-01',
    '3.4': '2018-05-01',
    '3.5': '2018-11-01',
    '3.6': '2019-05-01',
    '3.7': '2019-11-01',
    '3.8': '2020-05-01',
    '3.9': '2020-11-01',
    '3.10': '2021-05-01',
    '3.11': '2021-11-01',
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
    '3.24': '2028-06-01',
  },
  node: {
    '4': '2018-04-30',
    '5': '2016-06-30',
    '6': '2019-04-30',
    '7': '2017-06-30',
    '8': '2019-12-31',
    '9': '2018-06-30',
    '10': '2021-04-30',
    '11': '2019-06-30',
    '12': '2022-04-30',
    '13': '2020-06-01',
    '14': '2023-04-30',
    '15': '2021-06-01',
    '16': '2023-09-11',
    '17': '2022-06-01',
    '18': '2025-04-30',
    '19': '2023-06-01',
    '20': '2026-04-30',
    '21': '2024-06-01',
    '22': '2027-04-30',
    '23': '2025-06-01',
    '24': '2028-04-30',
    '25': '2026-06-01',
    '26': '2029-04-30',
  },
  python: {
    '2.7': '2020-01-01',
    '3.2': '2016-02-20',
    '3.3': '2017-09-29',
    '3.4': '2019-03-18',
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
    '5.3': '2014-08-14',
    '5.4': '2015-09-14',
    '5.5': '2016-07-21',
    '5.6': '2018-12-31',
    '7.0': '2019-01-10',
    '7.1': '2019-12-01',
    '7.2': '2020-11-30',
    '7.3': '2021-12-06',
    '7.4': '2022-11-28',
    '8.0': '2023-11-26',
    '8.1': '2025-12-31',
    '8.2': '2026-12-31',
    '8.3': '2027-12-31',
    '8.4': '2028-12-31',
    '8.5': '2029-12-31',
  },
  ruby: {
    '2.1': '2017-03-31',
    '2.2': '2018-03-31',
    '2.3': '2019-03-31',
    '2.4': '2020-03-31',
    '2.5': '2021-03-31',
    '2.6': '2022-03-31',
    '2.7': '2023-03-31',
    '3.0': '2024-04-23',
    '3.1': '2025-03-26',
    '3.2': '2026-03-31',
    '3.3': '2027-03-31',
    '3.4': '2028-03-31',
    '4.0': '2029-03-31',
  },
  centos: {
    '5': '2017-03-31',
    '6': '2020-11-30',
    '7': '2024-06-30',
    '8': '2021-12-31',
  },
};

/** Other names of releases. */
const ALIASES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  debian: {
    '6': 'squeeze',
    '7': 'wheezy',
    '8': 'jessie',
    '9': 'stretch',
    '10': 'buster',
    '11': 'bullseye',
    '12': 'bookworm',
    '13': 'trixie',
  },
  ubuntu: {
    '12.04': 'precise',
    '12.10': 'quantal',
    '13.04': 'raring',
    '13.10': 'saucy',
    '14.04': 'trusty',
    '14.10': 'utopic',
    '15.04': 'vivid',
    '15.10': 'wily',
    '16.04': 'xenial',
    '16.10': 'yakkety',
    '17.04': 'zesty',
    '17.10': 'artful',
    '18.04': 'bionic',
    '18.10': 'cosmic',
    '19.04': 'disco',
    '19.10': 'eoan',
    '20.04': 'focal',
    '20.10': 'groovy',
    '21.04': 'hirsute',
    '21.10': 'impish',
    '22.04': 'jammy',
    '22.10': 'kinetic',
    '23.04': 'lunar',
    '23.10': 'mantic',
    '24.04': 'noble',
    '24.10': 'oracular',
    '25.04': 'plucky',
    '25.10': 'questing',
    '26.04': 'resolute',
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
