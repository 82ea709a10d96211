// Until when the image of a tag is looked after: its program, and the distribution below it.

import type { DecodedTag, TagDistribution } from './decoded.ts';
import { type Family, lineOf } from './families.ts';
import { type Cycle, cycleOf, dayOf, type LifeCycles } from './life-cycles.ts';

/** The line of releases of one of the two. */
export interface Ending {
  /** As it is spoken of: `Python 3.12`, `Debian 12 bookworm`. */
  readonly title: string;
  readonly cycle: Cycle;
  /** Of which day that is known. */
  readonly asOf: string;
}

/** What is known of the support of an image. */
export interface Support {
  readonly product?: Ending;
  readonly distribution?: Ending;
}

/** Distributions by the product of the life cycles that has their dates. */
const PRODUCTS: Readonly<Record<string, string>> = {
  debian: 'debian',
  ubuntu: 'ubuntu',
  alpine: 'alpine-linux',
  ubi: 'rhel',
  rhel: 'rhel',
  oraclelinux: 'oracle-linux',
  amazonlinux: 'amazon-linux',
  fedora: 'fedora',
  rockylinux: 'rocky-linux',
};

/** The support of what a tag says. What it leaves open (3, latest, alpine) is not guessed: ask for what it means. */
export function supportOf(tag: DecodedTag, family: Family, cycles: LifeCycles): Support {
  const distribution = tag.distribution && ofDistribution(tag.distribution, cycles);
  const product = family.distribution === undefined ? ofProduct(tag, family, cycles) : undefined;
  return { ...(product ? { product } : {}), ...(distribution ? { distribution } : {}) };
}

function ofProduct(tag: DecodedTag, family: Family, cycles: LifeCycles): Ending | undefined {
  const { product } = family;
  const codename = tag.channel?.split('-').find((word) => family.codenames?.[word] !== undefined);
  const named = codename === undefined ? undefined : family.codenames?.[codename];
  const line = tag.version ? lineOf(family, tag.version) : named;
  if (product === undefined || line === undefined) return undefined;
  const cycle = cycleOf(cycles, product, line);
  const asOf = dayOf(cycles, product);
  return cycle && { title: `${cycles.products[product]!.title} ${cycle.cycle}`, cycle, asOf };
}

function ofDistribution({ name, release }: TagDistribution, cycles: LifeCycles): Ending | undefined {
  const product = Object.hasOwn(PRODUCTS, name) ? PRODUCTS[name]! : undefined;
  if (product === undefined || release === undefined) return undefined;
  const parts = release.split('.');
  const names = [release, parts.slice(0, 2).join('.'), parts[0]!];
  for (const one of names) {
    const cycle = cycleOf(cycles, product, one);
    if (!cycle) continue;
    const words = [cycles.products[product]!.title, cycle.cycle, ...(cycle.codename ? [cycle.codename] : [])];
    return { title: words.join(' '), cycle, asOf: dayOf(cycles, product) };
  }
  return undefined;
}
