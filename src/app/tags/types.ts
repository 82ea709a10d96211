// `mille tags` as data.

import type { Digest } from '../../core/index.ts';
import type { Support, TagDistribution, TagFilter } from '../../insight/tags/index.ts';
import type { SupportDates } from '../life-cycles/types.ts';

export type { TagDistribution } from '../../insight/tags/index.ts';

/** Which tags are wanted. */
export interface TagsOptions {
  /** `python`, `host:5000/team/app`: without a tag. */
  readonly repository: string;
  readonly filter: Omit<TagFilter, 'unreleased'>;
  /** What images must be there for, as written: `arm64`, `linux/arm/v7`. Sizes are those of the first. */
  readonly architectures: readonly string[];
  /** Whether earlier releases of each line, what is not released, and other systems are wanted too. */
  readonly all: boolean;
  /** Whether what is not released yet is wanted. */
  readonly unreleased: boolean;
  /** Only what the store has. */
  readonly local: boolean;
  /** Images that are shown. */
  readonly limit: number;
  readonly ca?: string;
}

/** One platform of an image. */
export interface TagImage {
  /** `linux/arm64`. */
  readonly platform: string;
  /** Bytes as stored and sent; of the store's own images, unpacked. Absent where it was not asked for. */
  readonly bytes?: number;
  readonly digest?: Digest;
}

/** An image, with all its names. */
export interface TagRow {
  /** The name that says most. */
  readonly tag: string;
  /** Its other names, those that move last. */
  readonly also: readonly string[];
  /** The line of releases: `3.12`. */
  readonly line?: string;
  readonly version?: string;
  /** Words such as `latest` and `lts` among its names. */
  readonly channels: readonly string[];
  readonly date?: string;
  readonly unreleased: boolean;
  readonly distribution?: TagDistribution;
  readonly size?: string;
  readonly flavors: readonly string[];
  /** Of the platform that sizes are told of. */
  readonly image?: TagImage;
  readonly images: readonly TagImage[];
  /** What its names mean at the registry: indexes, or manifests. */
  readonly digests: readonly Digest[];
  /** RFC 3339: when it was pushed, or made. */
  readonly time?: string;
  readonly support: Support;
  /** Whether the store has an image of one of its names. */
  readonly local: boolean;
}

/** The tags of a repository, decoded. */
export interface TagsResult {
  /** Familiar: `python`, `host:5000/team/app`. */
  readonly repository: string;
  readonly source: 'hub' | 'registry' | 'store';
  /** `Docker Hub`, `localhost:5000`. */
  readonly place: string;
  /** Whether the images are a distribution itself, so that lines are its releases. */
  readonly isDistribution: boolean;
  readonly rows: readonly TagRow[];
  /** Tags that there are, and those that were looked at. */
  readonly total: number;
  readonly seen: number;
  /** Why not all were looked at. */
  readonly cut?: 'enough' | 'refused';
  /** Tags that were asked for and are not shown for the limit's sake. */
  readonly more: number;
  /** What is not shown unless all is asked for. */
  readonly hidden: { readonly earlier: number; readonly unreleased: number; readonly windows: number };
  /** Entries that were no tags. */
  readonly dropped: number;
  /** Of which day the dates of support are, and whose. */
  readonly dates: SupportDates;
}

/** The verb. */
export interface TagVerbs {
  /** The tags of a repository. @throws MilleError `image-missing`, `registry-denied`, `network`, `usage` */
  tags(options: TagsOptions, signal: AbortSignal): Promise<TagsResult>;
}
