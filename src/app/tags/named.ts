// Tags by their names alone: which of them are wanted, before anything else is asked about them.

import {
  compareTags,
  compareVersions,
  type DecodedTag,
  decodeTag,
  type Family,
  isFixed,
  lineOf,
  matchesTag,
} from '../../insight/tags/index.ts';
import type { TagsOptions, TagsResult } from './types.ts';

/** Tags that are wanted, the newest first, and how many are not shown. */
export interface Chosen {
  readonly tags: readonly DecodedTag[];
  readonly hidden: TagsResult['hidden'];
}

const WINDOWS = new Set(['windowsservercore', 'nanoserver', 'windows']);

/** Chooses tags. */
export function chooseTags(
  names: readonly string[],
  family: Family,
  options: Pick<TagsOptions, 'filter' | 'all' | 'unreleased'>,
): Chosen {
  const { filter, all } = options;
  const matching = names.map((name) => decodeTag(name, family)).filter((tag) => matchesTag(tag, filter));
  if (all) return { tags: matching.toSorted(compareTags), hidden: NOTHING };
  const asked = isUnreleasedVersion(filter.version) || options.unreleased;
  const isWindows = (tag: DecodedTag) => WINDOWS.has(tag.distribution?.name ?? '');
  const forHere = filter.distribution === undefined ? matching.filter((tag) => !isWindows(tag)) : matching;
  const released = asked ? forHere : forHere.filter((tag) => !isUnreleased(tag));
  const current = withoutEarlier(released.toSorted(compareTags), family);
  return {
    tags: current,
    hidden: {
      earlier: released.length - current.length,
      unreleased: forHere.length - released.length,
      windows: matching.length - forHere.length,
    },
  };
}

const NOTHING = { earlier: 0, unreleased: 0, windows: 0 };

/** Whether a tag is of something that its makers have not released. */
export function isUnreleased({ version, channel }: DecodedTag): boolean {
  return version?.pre !== undefined || (version === undefined && channel === 'rc');
}

function isUnreleasedVersion(version: string | undefined): boolean {
  return version !== undefined && /\d-?(?:rc|beta|alpha|ea|a|b|preview)/i.test(version);
}

/** Of each line and variant the newest release or day, and all that moves. The tags come sorted. */
function withoutEarlier(tags: readonly DecodedTag[], family: Family): DecodedTag[] {
  const newest = new Map<string, DecodedTag>();
  return tags.filter((tag) => {
    if (!isFixed(tag, family)) return true;
    const key = [tag.variant, kindOf(tag, family)].join('\n');
    const known = newest.get(key);
    if (!known) newest.set(key, tag);
    return !known || isSameRelease(known, tag);
  });
}

function kindOf(tag: DecodedTag, family: Family): string {
  const { version, channel, distribution } = tag;
  const suite =
    family.distribution === undefined ? '' : (distribution?.codename ?? distribution?.release ?? '');
  const line = version && family.distribution === undefined ? (lineOf(family, version) ?? version.text) : '';
  return [line, suite, channel, version?.pre === undefined, version === undefined].join(' ');
}

function isSameRelease(a: DecodedTag, b: DecodedTag): boolean {
  if (a.date !== b.date) return false;
  return a.version && b.version ? compareVersions(a.version, b.version) === 0 : a.version === b.version;
}
