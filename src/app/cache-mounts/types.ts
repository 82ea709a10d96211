// Cache mounts, as the fronts see them.

import type { Digest } from '../../core/index.ts';

/** A step that used a cache mount; what is known of its build only as long as builds are remembered. */
export interface CacheMountUser {
  readonly dockerfile?: string;
  readonly context?: string;
  /** The step's title. */
  readonly step: string;
  /** Milliseconds since the epoch. */
  readonly used: number;
}

/** A cache mount. */
export interface CacheMount {
  readonly id: Digest;
  /** `id=` of the mount, or its target. */
  readonly name: string;
  /** Absolute. */
  readonly directory: string;
  /** A new one begins with a copy of this directory of a content, or empty with this mode and owner. */
  readonly begins:
    | { readonly content: string; readonly path: string }
    | { readonly mode: number; readonly uid: number; readonly gid: number };
  /** On disk. */
  readonly bytes: number;
  readonly files: number;
  /** Contents: more than one where builds wanted it for themselves at the same time. */
  readonly copies: number;
  /** Milliseconds since the epoch. */
  readonly lastUsed: number;
  readonly inUse: boolean;
  /** The latest first. */
  readonly users: readonly CacheMountUser[];
}

/** What clearing did. */
export interface ClearedMounts {
  readonly cleared: readonly CacheMount[];
  /** Those that a build uses: they stay. */
  readonly inUse: readonly CacheMount[];
}

/** A cache mount that came from an archive. */
export interface ImportedMount {
  readonly id: Digest;
  readonly name: string;
  readonly files: number;
  readonly bytes: number;
  /** Whether one that was there is gone. */
  readonly replaced: boolean;
}

/** What an archive brought. */
export interface ImportedMounts {
  readonly mounts: readonly ImportedMount[];
  /** Files that could not be made, or not with all attributes, for want of privilege. */
  readonly skipped: readonly string[];
}

/** The use cases of cache mounts. */
export interface CacheMountVerbs {
  /** All cache mounts, the latest used first. */
  cacheMounts(): Promise<readonly CacheMount[]>;
  /** Those named, by name, id or the beginning of an id; in the order given. */
  inspectCacheMounts(names: readonly string[]): Promise<readonly CacheMount[]>;
  /** Removes those named, or all. */
  clearCacheMounts(names: readonly string[] | 'all'): Promise<ClearedMounts>;
  /** Writes those named, or all, to an archive at a path, or '-' for standard output. */
  exportCacheMounts(
    names: readonly string[] | 'all',
    output: string,
    signal?: AbortSignal,
  ): Promise<readonly CacheMount[]>;
  /** Reads an archive at a path, or '-' for standard input; those of the same name are replaced. */
  importCacheMounts(input: string, signal?: AbortSignal): Promise<ImportedMounts>;
}
