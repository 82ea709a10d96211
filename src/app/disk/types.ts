// The disk of a store, as the fronts see it.

import type { Digest } from '../../core/index.ts';
import type { StoreProblem } from '../../oci/store/index.ts';

/**
 * What takes space. `record`: layers that only the build cache holds; `unpacked`: layers as directories, for RUN;
 * `mount`: cache mounts; `source`: what was fetched by git and HTTP; `temporary`: what killed processes left.
 */
export type DiskKind = 'image' | 'record' | 'unpacked' | 'mount' | 'source' | 'log' | 'temporary';

/** What `prune` leaves alone: what `mille vuln update` fetched, the store's own database, and the rest. */
export type StayingKind = 'vulnerabilities' | 'database' | 'other';

/** A kind of things, summed up. */
export interface DiskUsageRow {
  readonly kind: DiskKind | StayingKind;
  readonly count: number;
  /** How many are used by a build or a container just now. */
  readonly active: number;
  /** On disk. */
  readonly bytes: number;
  /** What `prune` without further wishes would free. */
  readonly reclaimable: number;
}

/** One thing in detail. */
export interface DiskImage {
  readonly imageId: Digest;
  readonly manifest: Digest;
  /** Familiar names. */
  readonly names: readonly string[];
  /** RFC 3339. */
  readonly created?: string;
  /** Milliseconds since the epoch. */
  readonly lastUsed: number;
  readonly bytes: number;
  /** Of these, what other images need too. */
  readonly shared: number;
  readonly unique: number;
  /** Of what is unique, what the build cache would keep without the image. */
  readonly cached: number;
  readonly inUse: boolean;
  /** What is wrong with an image that cannot be read. */
  readonly damage?: string;
}

export interface DiskRecord {
  readonly key: Digest;
  readonly instruction: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly lastUsed: number;
  /** How long the step took. */
  readonly seconds: number;
  /** Of its layer, on disk. */
  readonly bytes: number;
  /** Whether an image needs the layer as well. */
  readonly shared: boolean;
  readonly inUse: boolean;
}

export interface DiskUnpacked {
  readonly diffId: Digest;
  readonly bytes: number;
  readonly files: number;
  /** What the blob of the same layer takes. */
  readonly blobBytes: number;
  /** How many directories there are of this layer. */
  readonly forms: number;
  /** Names of images whose layer it is; none where only the cache has it. */
  readonly images: readonly string[];
  readonly lastUsed: number;
  readonly inUse: boolean;
}

export interface DiskNamed {
  readonly kind: DiskKind | StayingKind;
  readonly name: string;
  readonly bytes: number;
  readonly lastUsed?: number;
  readonly inUse: boolean;
}

/** What holds every byte of a store. */
export interface DiskReport {
  /** Absolute. */
  readonly root: string;
  readonly rows: readonly DiskUsageRow[];
  readonly total: number;
  /** Of the total, what `prune` would free, and `prune --all`. */
  readonly reclaimable: number;
  readonly reclaimableAll: number;
  /** What is free on the store's file system. */
  readonly free: number;
  /** What the store may take, where that is limited. */
  readonly limit?: number;
  /** Layers that are there as blob and as directory, and what the directories take. */
  readonly twice: { readonly layers: number; readonly bytes: number };
  /** Layers that are there as several directories, and what all but one of each take. */
  readonly repeated: { readonly layers: number; readonly bytes: number };
  readonly images: readonly DiskImage[];
  readonly records: readonly DiskRecord[];
  readonly unpacked: readonly DiskUnpacked[];
  /** Cache mounts, sources, logs, leftovers, the rest by name. */
  readonly named: readonly DiskNamed[];
}

/** What to remove. */
export interface PruneOptions {
  /** Only these kinds; all by default. */
  readonly kinds?: readonly DiskKind[];
  /** Also images with names, and records whose layers images hold. */
  readonly all: boolean;
  /** Only what was not used since then, milliseconds since the epoch. */
  readonly unusedSince?: number;
  /** Only images with all of these labels and none of those: `key`, or `key=value`. */
  readonly labels?: readonly string[];
  readonly withoutLabels?: readonly string[];
  /** Removes what was used longest ago until the kinds asked for take no more than this. */
  readonly maxUsed?: number;
  /** Never removes so much that they take less than this. */
  readonly reserved?: number;
  /** Removes until this is free on the store's file system. */
  readonly minFree?: number;
  /** Only says what it would do. */
  readonly dryRun: boolean;
}

/** Why something stays. */
export type StayReason = 'in-use' | 'named' | 'recent' | 'within-limit' | 'shared' | 'not-asked';

/** Something that went or stays. */
export interface PruneItem {
  readonly kind: DiskKind;
  readonly id: string;
  readonly title: string;
  readonly lastUsed: number;
  /** On disk: for what went, what that freed. */
  readonly bytes: number;
  /** What is wrong with an image that cannot be read. */
  readonly damage?: string;
}

export interface PruneReport {
  readonly dryRun: boolean;
  readonly removed: readonly PruneItem[];
  readonly stays: readonly (PruneItem & { readonly reason: StayReason })[];
  /** What was freed, or would be. */
  readonly reclaimed: number;
  /** What the store takes now, or would. */
  readonly total: number;
  /** What was to be reached, and what is; only where a limit was given. */
  readonly limit?: { readonly bytes: number; readonly left: number };
}

/** How a store is checked. */
export interface StoreVerifyOptions {
  /** Reads every byte. */
  readonly deep: boolean;
  /** Forgets what is broken, so that it is fetched, built or unpacked again. */
  readonly repair: boolean;
}

/** What a check of the store found. */
export interface StoreVerifyReport {
  readonly root: string;
  readonly deep: boolean;
  /** Whether nothing is wrong but what harms nobody. */
  readonly sound: boolean;
  /** What is wrong, after repairs. */
  readonly problems: readonly StoreProblem[];
  /** What was wrong and is forgotten. */
  readonly repaired: readonly StoreProblem[];
  /** How many of each there are. */
  readonly checked: {
    readonly images: number;
    readonly layers: number;
    readonly records: number;
    readonly unpacked: number;
    readonly mounts: number;
  };
}

/** The use cases of the disk. */
export interface DiskVerbs {
  /** What holds every byte of the store. */
  df(): Promise<DiskReport>;
  /** Removes what was used longest ago, beside whoever works on the store. */
  prune(options: PruneOptions): Promise<PruneReport>;
  /** Checks the store against itself, beside whoever works on it. */
  verifyStore(options: StoreVerifyOptions): Promise<StoreVerifyReport>;
}
