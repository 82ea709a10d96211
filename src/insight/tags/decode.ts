// A tag, word by word. What a word may be is asked in an order in which the surer comes first; a word that nothing knows
// stays what it is.

import type { DecodedTag, TagDistribution } from './decoded.ts';
import { readDistribution, withCodename } from './distributions.ts';
import type { Family } from './families.ts';
import { readVersion, type TagVersion } from './version.ts';
import { ATTACHMENT, architectureOf, CHANNELS, dateOf, FLAVORS, revisionOf, SIZES } from './words.ts';

interface Parts {
  version?: TagVersion;
  channel?: string;
  date?: string;
  distribution?: TagDistribution;
  size?: string;
  architecture?: string;
  revision?: string;
  readonly flavors: string[];
  readonly others: string[];
}

/** Takes a tag apart as its family writes it. */
export function decodeTag(tag: string, family: Family): DecodedTag {
  if (ATTACHMENT.test(tag)) return { tag, flavors: [], others: [], attachment: true, variant: tag };
  const words = tag.split('-').filter((word) => word !== '');
  const parts: Parts = { flavors: [], others: [] };
  for (let at = 0; at < words.length; ) at += take(parts, words, at, family);
  const settled = settle(parts, family);
  return { tag, ...settled, variant: variantOf(settled, family) };
}

/** Takes the word at `at`, and those that belong to it; gives how many. */
function take(parts: Parts, words: readonly string[], at: number, family: Family): number {
  const word = words[at]!;
  const date = dateOf(word);
  if (date !== undefined && parts.date === undefined) {
    parts.date = date;
    return 1;
  }
  const version = parts.version === undefined ? readVersion(words, at) : undefined;
  if (version) {
    parts.version = version.version;
    return version.words;
  }
  const codename = family.codenames && Object.hasOwn(family.codenames, word);
  if (codename || CHANNELS.has(word)) {
    const pair = words[at + 1] === 'buggy';
    if (!pair) {
      parts.channel = parts.channel === undefined ? word : `${parts.channel}-${word}`;
      return 1;
    }
  }
  const distribution = parts.distribution === undefined ? readDistribution(words, at) : undefined;
  if (distribution) {
    parts.distribution = distribution.distribution;
    if (distribution.size !== undefined) parts.size = distribution.size;
    return distribution.words;
  }
  const architecture = architectureOf(word);
  const revision = revisionOf(word);
  if (SIZES.has(word) && parts.size === undefined) parts.size = word;
  else if (FLAVORS.has(word)) parts.flavors.push(word);
  else if (architecture !== undefined && at > 0) parts.architecture = architecture;
  else if (revision !== undefined && parts.revision === undefined) parts.revision = revision;
  else parts.others.push(word);
  return 1;
}

/** What the words mean together, in this family. */
function settle(parts: Parts, family: Family): Parts {
  const { distribution: name } = family;
  if (name === undefined) return parts;
  const { version } = parts;
  if (version && !parts.distribution) {
    const count = name === 'debian' ? 1 : 2;
    const release = version.text.split('.').slice(0, count).join('.');
    return { ...parts, distribution: withCodename({ name, release }) };
  }
  // A day alone is one of Alpine's edge.
  const channel = name === 'alpine' && parts.date !== undefined ? { channel: parts.channel ?? 'edge' } : {};
  return { ...parts, ...channel, distribution: parts.distribution ?? { name } };
}

function variantOf(parts: Parts, family: Family): string {
  const { flavors, size, distribution, architecture, others } = parts;
  const named = flavors.length === 0 && family.flavor !== undefined ? [family.flavor] : flavors;
  // Where the image is the distribution, that is what it is, not a kind of it.
  const below = family.distribution === undefined && distribution ? [distributionWord(distribution)] : [];
  return [...named.toSorted(), ...(size === undefined ? [] : [size]), ...others, ...below]
    .concat(architecture === undefined ? [] : [architecture])
    .join(' ');
}

/** A distribution in a word: `trixie`, `alpine3.22`, `alpine`. */
function distributionWord({ name, release, codename }: TagDistribution): string {
  return codename ?? `${name}${release ?? ''}`;
}
