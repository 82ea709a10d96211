// What is in a store, as things that can go: what each holds, when it was last used, what speaks against its going.
// Plain data, from which reports and plans are made.

import type { RecordInfo } from '../../build/cache/index.ts';
import type { Digest } from '../../core/index.ts';
import type { DamagedImage, NamedUsage, StoredImage, UnpackedUsage } from '../../oci/store/index.ts';
import type { DiskKind } from './types.ts';

/** Something that can go. */
export interface Item {
  readonly kind: DiskKind;
  /** Unique within its kind. */
  readonly id: string;
  /** What people see of it. */
  readonly title: string;
  /** Milliseconds since the epoch. */
  readonly lastUsed: number;
  readonly inUse: boolean;
  /** On disk, and nobody else's. */
  readonly bytes: number;
  /** Blobs that it needs; others may need them too. */
  readonly blobs: readonly Digest[];
  /** Layers that it needs. */
  readonly diffIds: readonly Digest[];
  /** What is wrong with an image that cannot be read. */
  readonly damage?: string;
  /** An image with a name. */
  readonly named?: boolean;
  /** Of an image's config. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Everything in a store. */
export interface Inventory {
  readonly items: readonly Item[];
  /** When it was taken, milliseconds since the epoch. */
  readonly now: number;
  /** What each blob takes. */
  readonly blobs: ReadonlyMap<Digest, number>;
  readonly database: number;
  readonly others: readonly NamedUsage[];
  /** All of the store on disk. */
  readonly total: number;
  /** What is free on the file system of the store. */
  readonly free: number;
  /** Details for those who want to see them. */
  readonly images: readonly StoredImage[];
  readonly damaged: readonly DamagedImage[];
  readonly records: readonly RecordInfo[];
  readonly unpacked: readonly UnpackedUsage[];
}
