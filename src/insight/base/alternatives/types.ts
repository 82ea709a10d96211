// Images of one repository side by side, and what is done on top of the one that is used.

import type { Support, TagDistribution } from '../../tags/index.ts';

/** An image of a repository, with all its names. */
export interface KnownImage {
  /** The name that says most. */
  readonly tag: string;
  readonly also: readonly string[];
  /** The line of releases: `3.12`. */
  readonly line?: string;
  readonly version?: string;
  readonly unreleased: boolean;
  readonly distribution?: TagDistribution;
  readonly size?: string;
  readonly flavors: readonly string[];
  readonly images: readonly { readonly platform: string }[];
  readonly image?: { readonly bytes?: number };
  readonly support: Support;
}

/** What a Dockerfile does with a base, as far as its text tells; lines count from 1. */
export interface BaseUse {
  /** The lines on which each command is run. */
  readonly commands: ReadonlyMap<string, readonly number[]>;
  /** What it installs of the distribution by itself. */
  readonly packages: readonly { readonly name: string; readonly line: number }[];
  /** Where a shell is used that is not in every image. */
  readonly bash: readonly number[];
  /** Where files come from images or stages that are not made of this base. */
  readonly foreign: readonly number[];
}

/** Something that may stand against an image. */
export interface Risk {
  /** `breaks`: what is written cannot work as it is. `check`: it may not. */
  readonly level: 'breaks' | 'check';
  readonly text: string;
  readonly lines: readonly number[];
  /** Of which day the names of packages in it are. */
  readonly namesAsOf?: string;
}

/**
 * `name`: the same image, under a name that says its distribution. `moving`: a name that does not say its release, where the
 * one in use does.
 */
export type AlternativeKind =
  | 'name'
  | 'release'
  | 'distribution'
  | 'line'
  | 'slim'
  | 'alpine'
  | 'glibc'
  | 'moving';

/** Another image that could be the base. */
export interface Alternative {
  readonly kind: AlternativeKind;
  /** The name to write: as exact as the one that is written now, with its distribution. */
  readonly tag: string;
  readonly image: KnownImage;
  /** Bytes more or less to fetch. */
  readonly bytes?: number;
  readonly gains: readonly string[];
  readonly risks: readonly Risk[];
}
