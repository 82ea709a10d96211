// What differs between two images.

import type { Entry } from '../../oci/image/index.ts';
import type { Aspect } from '../inspect/index.ts';
import type { PackageType } from '../packages/index.ts';

/** One of the two images. */
export type Side = 'before' | 'after';

/** Who made a difference: a layer of the second image, or one that only the first one has. */
export interface Cause {
  readonly side: Side;
  /** Index of the layer in its image. */
  readonly layer: number;
}

/** A path that is not the same. */
export interface FileChange {
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** Of what changed: what of it, the most telling first, never times alone. */
  readonly aspects: readonly Aspect[];
  readonly before?: Entry;
  readonly after?: Entry;
  /** Bytes of the file that it is a name of; 0 for all but the first name of a file with several. */
  readonly beforeBytes: number;
  readonly afterBytes: number;
  /** Of files: the layer, and the entry of its table that carries the bytes. */
  readonly beforeContent?: Content;
  readonly afterContent?: Content;
  readonly cause: Cause;
}

/** Where the bytes of a file are. */
export interface Content {
  readonly layer: number;
  readonly entry: Entry;
}

/** Files and bytes as a container sees them; a file of several names counts once. */
export interface TreeTotals {
  readonly files: number;
  readonly bytes: number;
}

/** Two trees compared. */
export interface FileDifferences {
  /** By path. */
  readonly changes: readonly FileChange[];
  /** How many paths differ in nothing but their times. */
  readonly timesOnly: number;
  readonly same: number;
  readonly before: TreeTotals;
  readonly after: TreeTotals;
}

/** A package that one of the images does not have, or has in another version. */
export interface PackageChange {
  readonly type: PackageType;
  readonly name: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** Versions, several where it is installed several times. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Bytes that it takes, where that is known. */
  readonly beforeBytes?: number;
  readonly afterBytes?: number;
  readonly cause: Cause;
}

/** Something that the configs say differently. */
export interface ConfigChange {
  /** `Env PATH`, `Label version`, `Cmd`. */
  readonly what: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly before?: string;
  readonly after?: string;
  /** The values are not shown, for the name sounds secret. */
  readonly secret?: true;
}
