// From tags to images: names that mean the same image become one row, named by the name that says most.

import type { Digest } from '../../core/index.ts';
import {
  compareTags,
  compareVersions,
  type DecodedTag,
  type Family,
  isFixed,
  type LifeCycles,
  lineOf,
  parseVersion,
  supportOf,
} from '../../insight/tags/index.ts';
import { choosePlatform, type Platform, parsePlatform } from '../../oci/image/index.ts';
import { isUnreleased } from './named.ts';
import type { TagImage, TagRow } from './types.ts';

/** A tag with what was learnt of it. */
export interface LearntTag {
  readonly tag: DecodedTag;
  /** Of what the tag means. */
  readonly digest?: Digest;
  readonly images: readonly TagImage[];
  readonly time?: string;
}

/** How rows are made. */
export interface RowOptions {
  readonly family: Family;
  /** Until when what is supported. */
  readonly cycles: LifeCycles;
  /** Whose sizes are told. */
  readonly platform: Platform;
  /** Platforms that an image must be there for. */
  readonly wanted: readonly Platform[];
  readonly isLocal: (tag: string) => boolean;
}

/**
 * Makes rows, the newest first.
 * @param chosen the tags that are wanted: of their images all names are shown, of others nothing
 */
export function rowsOf(
  learnt: readonly LearntTag[],
  options: RowOptions,
  chosen: readonly DecodedTag[],
): TagRow[] {
  const wanted = new Set(chosen.map(({ tag }) => tag));
  const groups = new Map<string, LearntTag[]>();
  for (const one of learnt) {
    if (one.tag.attachment || !options.wanted.every((platform) => imageFor(one.images, platform))) continue;
    // The image of one platform is the same where the indexes differ: one may list more systems than the other.
    const key = imageFor(one.images, options.platform)?.digest ?? one.digest ?? one.tag.tag;
    const known = groups.get(key);
    if (known) known.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()]
    .filter((group) => group.some(({ tag }) => wanted.has(tag.tag)))
    .map((group) => rowOf(group, options))
    .toSorted((a, b) => compareImages(a.decoded, b.decoded, options.family))
    .map(({ row }) => row);
}

function rowOf(group: readonly LearntTag[], options: RowOptions) {
  const { family, cycles, platform, isLocal } = options;
  const tags = group.map(({ tag }) => tag).toSorted((a, b) => bySaying(a, b, family));
  const decoded = joined(tags, family);
  const { version, date, distribution, size, flavors, others } = decoded;
  const images = group.reduce((most, one) => (one.images.length > most.length ? one.images : most), NONE);
  const image = imageFor(images, platform) ?? images[0];
  const line = version && family.distribution === undefined ? lineOf(family, version) : undefined;
  const suite = family.distribution === undefined ? undefined : distribution?.release;
  const time = group.find((one) => one.time !== undefined)?.time;
  const named = line ?? suite;
  const row: TagRow = {
    tag: decoded.tag,
    also: tags.slice(1).map(({ tag }) => tag),
    ...(named === undefined ? {} : { line: named }),
    ...(version === undefined ? {} : { version: version.text }),
    channels: [...new Set(tags.flatMap(({ channel }) => channel ?? []))],
    ...(date === undefined ? {} : { date }),
    unreleased: tags.some(isUnreleased),
    ...(distribution ? { distribution } : {}),
    ...(size === undefined ? {} : { size }),
    flavors: [...flavors, ...others],
    ...(image ? { image } : {}),
    images,
    digests: [...new Set(group.flatMap(({ digest }) => digest ?? []))],
    ...(time === undefined ? {} : { time }),
    support: supportOf(decoded, family, cycles),
    local: tags.some(({ tag }) => isLocal(tag)),
  };
  return { row, decoded };
}

const NONE: readonly TagImage[] = [];

/** Of one version, the ordinary ones first: no flavour before others, the newest distribution, all of it before slim. */
function compareImages(a: DecodedTag, b: DecodedTag, family: Family): number {
  const bySuite = family.distribution === undefined ? 0 : releaseOrder(b, a);
  const byVersion = a.version && b.version ? compareVersions(b.version, a.version) : compareTags(a, b);
  const words = (tag: DecodedTag) => [...tag.flavors, ...tag.others].join(' ');
  return (
    bySuite ||
    byVersion ||
    textOrder(words(a), words(b)) ||
    below(a) - below(b) ||
    textOrder(a.distribution?.name ?? '', b.distribution?.name ?? '') ||
    releaseOrder(b, a) ||
    textOrder(a.size ?? '', b.size ?? '') ||
    compareTags(a, b)
  );
}

/** What most programs are built for comes first; another C library, or another system, last. */
function below({ distribution }: DecodedTag): number {
  const name = distribution?.name ?? '';
  if (name === 'debian' || name === 'ubuntu') return 0;
  return ['alpine', 'windowsservercore', 'nanoserver'].indexOf(name) + 2;
}

function releaseOrder(a: DecodedTag, b: DecodedTag): number {
  const [x, y] = [a, b].map(({ distribution }) => parseVersion(distribution?.release ?? ''));
  return x && y ? compareVersions(x, y) : Number(x !== undefined) - Number(y !== undefined);
}

function textOrder(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** What all names of an image say together, under the first. */
function joined(tags: readonly DecodedTag[], family: Family): DecodedTag {
  const first = tags[0]!;
  const version = tags.find((tag) => tag.version && isFixed(tag, family))?.version ?? first.version;
  const distribution =
    tags.find((tag) => tag.distribution?.release !== undefined)?.distribution ?? first.distribution;
  const channel = first.channel ?? tags.find((tag) => tag.channel !== undefined)?.channel;
  return {
    ...first,
    ...(version ? { version } : {}),
    ...(distribution ? { distribution } : {}),
    ...(channel === undefined ? {} : { channel }),
  };
}

/** The name that says most first: one that stays, the longest. */
function bySaying(a: DecodedTag, b: DecodedTag, family: Family): number {
  // The day says more of a distribution than its number: 13.6 is made anew, trixie-20260803 stays.
  const dated = (tag: DecodedTag) => family.distribution !== undefined && tag.date !== undefined;
  const rank = (tag: DecodedTag) =>
    (isFixed(tag, family) ? 4 : 0) +
    (dated(tag) ? 3 : tag.version ? 2 : 0) +
    (tag.distribution?.release === undefined ? 0 : 1);
  return rank(b) - rank(a) || b.tag.length - a.tag.length || (a.tag < b.tag ? -1 : 1);
}

/** The image that runs on a platform. */
function imageFor(images: readonly TagImage[], platform: Platform): TagImage | undefined {
  return choosePlatform(images, ({ platform: text }) => readPlatform(text, platform), platform);
}

/** An index may list what no machine is. */
function readPlatform(text: string, host: Platform): Platform | undefined {
  try {
    return parsePlatform(text, host);
  } catch {
    return undefined;
  }
}
