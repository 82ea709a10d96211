// What a tag says, as plain data.

import type { TagVersion } from './version.ts';

/** What an image is made of below the program it is named after. */
export interface TagDistribution {
  /** `debian`, `ubuntu`, `alpine`, `ubi`, `oraclelinux`, `windowsservercore`. */
  readonly name: string;
  /** `12`, `24.04`, `3.22`, `ltsc2022`; absent where the newest is meant. */
  readonly release?: string;
  readonly codename?: string;
}

/** A tag taken apart. What stands in `variant` is the same for all versions of the same kind of image. */
export interface DecodedTag {
  readonly tag: string;
  readonly version?: TagVersion;
  /** A word that moves: `latest`, `lts`, `mainline`, `edge`. */
  readonly channel?: string;
  /** A day of which it is: `2026-08-03`, with a number behind it where there were several: `2026-08-11.1`. */
  readonly date?: string;
  readonly distribution?: TagDistribution;
  /** `slim`, `minimal`, `full`. */
  readonly size?: string;
  /** `fpm`, `jre`, `perl`: words that are known, in the order of the tag. */
  readonly flavors: readonly string[];
  readonly architecture?: string;
  /** `r3` of bitnami, a commit. */
  readonly revision?: string;
  /** A signature, an attestation or an inventory of another image, by its digest. */
  readonly attachment?: boolean;
  /** Words that nothing here knows. */
  readonly others: readonly string[];
  /** Everything but version, channel, date and revision, in an order of its own: `slim trixie`. */
  readonly variant: string;
}
