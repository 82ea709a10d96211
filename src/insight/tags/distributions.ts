// Distributions as tags name them: by codename, by number, or by name alone. Releases come from the data of life cycles;
// what has no dates yet, or never has, stands here.

import type { TagDistribution } from './decoded.ts';
import { LIFE_CYCLES } from './life-cycles.ts';

/** A distribution, and how many words of the tag it takes. */
export interface ReadDistribution {
  readonly distribution: TagDistribution;
  readonly words: number;
  /** What stands in the same word of the image's size: `ubi9-minimal`. */
  readonly size?: string;
}

/** Suites that are never released, and releases that the data does not have yet. */
const AHEAD: readonly (readonly [name: string, codename: string, release?: string])[] = [
  ['debian', 'sid'],
  ['debian', 'experimental'],
  ['debian', 'rc-buggy'],
  ['debian', 'forky', '14'],
  ['debian', 'duke', '15'],
  ['ubuntu', 'stonking', '26.10'],
];

const CODENAMES: ReadonlyMap<string, TagDistribution> = new Map([
  ...['debian', 'ubuntu'].flatMap((name) =>
    LIFE_CYCLES.products[name]!.cycles.flatMap(({ cycle, codename }) =>
      codename === undefined ? [] : [[codename, { name, release: cycle, codename }] as const],
    ),
  ),
  ...AHEAD.map(
    ([name, codename, release]) =>
      [codename, { name, codename, ...(release === undefined ? {} : { release }) }] as const,
  ),
]);

/** Other ways to write a name. */
const NAMES: Readonly<Record<string, string>> = {
  alpine: 'alpine',
  debian: 'debian',
  ubuntu: 'ubuntu',
  ubi: 'ubi',
  oraclelinux: 'oraclelinux',
  oracle: 'oraclelinux',
  ol: 'oraclelinux',
  al: 'amazonlinux',
  amazonlinux: 'amazonlinux',
  fedora: 'fedora',
  centos: 'centos',
  rockylinux: 'rockylinux',
  rocky: 'rockylinux',
  almalinux: 'almalinux',
  rhel: 'rhel',
  opensuse: 'opensuse',
  leap: 'opensuse',
  photon: 'photon',
  mariner: 'mariner',
  azurelinux: 'azurelinux',
  wolfi: 'wolfi',
  windowsservercore: 'windowsservercore',
  nanoserver: 'nanoserver',
};

const NAMED = /^([a-z]+)(\d[\d.]*)?$/;
/** Behind a hyphen a number is a distribution's only where tags are known to be written so. */
const NUMBER_APART: Readonly<Record<string, RegExp>> = {
  alpine: /^3\.\d{1,3}(?:\.\d{1,3})?$/,
  debian: /^\d{1,2}(?:\.\d{1,2})?$/,
  ubuntu: /^\d{2}\.\d{2}$/,
  fedora: /^\d{2}$/,
  windowsservercore: /^(?:ltsc\d{4}|\d{4}|\d{2}h\d)$/i,
  nanoserver: /^(?:ltsc\d{4}|\d{4}|\d{2}h\d|sac\d{4})$/i,
};
const SIZES = ['minimal', 'micro', 'init'];

/** Reads the distribution that stands at `at` among the words of a tag. */
export function readDistribution(words: readonly string[], at: number): ReadDistribution | undefined {
  const word = words[at] ?? '';
  const pair = `${word}-${words[at + 1] ?? ''}`;
  const byPair = CODENAMES.get(pair);
  if (byPair) return { distribution: byPair, words: 2 };
  const byCodename = CODENAMES.get(word);
  if (byCodename) return { distribution: byCodename, words: 1 };
  const match = NAMED.exec(word);
  const name = match && Object.hasOwn(NAMES, match[1]!) ? NAMES[match[1]!]! : undefined;
  if (!match || name === undefined) return undefined;
  const next = words[at + 1] ?? '';
  const apart = match[2] === undefined && NUMBER_APART[name]?.test(next) ? next : undefined;
  const release = match[2] ?? apart;
  const distribution = withCodename({ name, ...(release === undefined ? {} : { release }) });
  const taken = apart === undefined ? 1 : 2;
  const size = name === 'ubi' ? SIZES.find((one) => one === words[at + taken]) : undefined;
  return size === undefined ? { distribution, words: taken } : { distribution, words: taken + 1, size };
}

/** The release of a distribution by its number or codename, as it is called otherwise too. */
export function withCodename(distribution: TagDistribution): TagDistribution {
  const { name, release } = distribution;
  if (release === undefined) return distribution;
  const major = name === 'debian' ? release.split('.')[0]! : release;
  for (const known of CODENAMES.values()) if (known.name === name && known.release === major) return known;
  return distribution;
}

/** The distribution of a codename. */
export function byCodename(codename: string): TagDistribution | undefined {
  return CODENAMES.get(codename);
}
