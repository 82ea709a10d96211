// What an inventory is written from.

import type { InstalledPackage, SystemName } from '../packages/index.ts';

/** A layer, as an inventory tells of it. */
export interface SbomLayer {
  /** Of the blob; absent where that may be compressed in one way or another. */
  readonly digest?: string;
  readonly diffId: string;
  /** As somebody would write it, without secrets. */
  readonly instruction: string;
  /** `Dockerfile:5`. */
  readonly place?: string;
}

/** An image and its packages. */
export interface SbomInput {
  /** `app`, without its tag. */
  readonly name: string;
  readonly tag?: string;
  /** Where it is kept: `docker.io/library/app`; absent for one without a name. */
  readonly repository?: string;
  readonly imageId: string;
  readonly manifestDigest?: string;
  readonly architecture: string;
  /** RFC 3339. */
  readonly created?: string;
  readonly system?: SystemName;
  readonly layers: readonly SbomLayer[];
  readonly packages: readonly InstalledPackage[];
  /** Of this program. */
  readonly version: string;
  /** 32 hexadecimal digits that are the same for the same image, and of no other. */
  readonly identity: string;
}
