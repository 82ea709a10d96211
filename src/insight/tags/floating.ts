// What moving tags mean now, told from the names of all tags alone: 3.12-slim is the newest 3.12.N-slim, lts the newest
// line of Node that is one. Where digests are known they say more; this is for where they are not, and for the name
// among those of one image that stays.

import { compareTags } from './compare.ts';
import type { DecodedTag } from './decoded.ts';
import { type Family, isWhole, lineOf } from './families.ts';
import { dayOf, type LifeCycles } from './life-cycles.ts';
import { startsWith } from './version.ts';

/** Channels that mean the newest release, whatever the family. */
const NEWEST = new Set(['latest', 'mainline', 'current', 'stable']);

/**
 * The tag that each moving one stands for, where the names say it: by its name. Tags that stay, and those of which
 * nothing is known, are left out.
 */
export function meanings(
  tags: readonly DecodedTag[],
  family: Family,
  cycles: LifeCycles,
): ReadonlyMap<string, DecodedTag> {
  const fixed = new Map<string, DecodedTag[]>();
  for (const tag of tags.filter((one) => isFixed(one, family)).toSorted(compareTags)) {
    const those = fixed.get(tag.variant);
    if (those) those.push(tag);
    else fixed.set(tag.variant, [tag]);
  }
  const found = new Map<string, DecodedTag>();
  const suites = family.distribution === 'debian' || family.distribution === 'ubuntu';
  for (const tag of tags) {
    if (tag.attachment || isFixed(tag, family)) continue;
    const candidates = fixed.get(tag.variant) ?? [];
    const matches = suites ? ofSuite(tag, tags, family, cycles) : ofVersion(tag, family, cycles);
    const meaning = matches && candidates.find(matches);
    if (meaning) found.set(tag.tag, meaning);
  }
  return found;
}

/** Whether a tag names one build or one release. */
export function isFixed(tag: DecodedTag, family: Family): boolean {
  if (tag.date !== undefined) return true;
  return tag.version !== undefined && isWhole(family, tag.version);
}

type Matches = (candidate: DecodedTag) => boolean;

function ofVersion(tag: DecodedTag, family: Family, cycles: LifeCycles): Matches | undefined {
  const { version, channel } = tag;
  if (version) {
    const unreleased = version.pre !== undefined;
    return (one) =>
      one.version !== undefined &&
      (one.version.pre !== undefined) === unreleased &&
      startsWith(one.version, version.parts);
  }
  if (channel === undefined) return isReleased;
  const words = channel.split('-');
  const line = words.map((word) => family.codenames?.[word]).find(Boolean);
  if (line !== undefined) return (one) => isReleased(one) && lineOf(family, one.version!) === line;
  const rule = family.channels?.[channel];
  if (rule === 'even-minor') return (one) => isReleased(one) && one.version!.parts[1]! % 2 === 0;
  if (rule === 'lts') {
    const lines = longLines(family, cycles);
    return (one) => isReleased(one) && lines.has(lineOf(family, one.version!) ?? '');
  }
  if (NEWEST.has(channel)) return isReleased;
  if (channel === 'rc') return (one) => one.version?.pre !== undefined;
  // tip, edge, nightly: only a day says which.
  return (one) => one.channel === channel && one.date !== undefined;
}

function isReleased({ version }: DecodedTag): boolean {
  return version !== undefined && version.pre === undefined;
}

/** Lines that are supported for long on the day of the data. */
function longLines(family: Family, cycles: LifeCycles): ReadonlySet<string> {
  const { products } = cycles;
  const asOf = dayOf(cycles, family.product ?? '');
  const known = products[family.product ?? '']?.cycles ?? [];
  const isLong = (lts: boolean | string | undefined) =>
    lts === true || (typeof lts === 'string' && lts <= asOf);
  return new Set(known.flatMap(({ cycle, lts }) => (isLong(lts) ? [cycle] : [])));
}

/** Of Debian and Ubuntu: the newest day of the same suite. */
function ofSuite(
  tag: DecodedTag,
  tags: readonly DecodedTag[],
  family: Family,
  cycles: LifeCycles,
): Matches | undefined {
  const { channel, distribution } = tag;
  if (channel === undefined) {
    const suite = suiteOf(tag);
    return suite === undefined || !distribution ? undefined : (one) => suiteOf(one) === suite && !one.channel;
  }
  const same = tags.some((one) => one.channel === channel && one.date !== undefined);
  if (same) return (one) => one.channel === channel && one.date !== undefined;
  const release = suiteOfChannel(channel, tags, family, cycles);
  return release === undefined ? undefined : (one) => one.distribution?.release === release && !one.channel;
}

function suiteOf({ distribution }: DecodedTag): string | undefined {
  return distribution?.codename ?? distribution?.release;
}

function suiteOfChannel(
  channel: string,
  tags: readonly DecodedTag[],
  family: Family,
  cycles: LifeCycles,
): string | undefined {
  const { products } = cycles;
  const asOf = dayOf(cycles, family.product ?? '');
  const released = (products[family.product ?? '']?.cycles ?? []).filter((one) => one.released <= asOf);
  const nth = ['stable', 'oldstable', 'oldoldstable'].indexOf(channel);
  if (nth >= 0) return released[nth]?.cycle;
  if (channel === 'rolling') return released[0]?.cycle;
  if (channel === 'latest')
    return released.find((one) => family.channels?.latest === undefined || one.lts === true)?.cycle;
  if (channel !== 'devel') return undefined;
  const ahead = tags
    .flatMap(({ distribution }) => distribution?.release ?? [])
    .toSorted()
    .at(-1);
  return released.some(({ cycle }) => cycle === ahead) ? undefined : ahead;
}
