// Locking, as the fronts see it.

import type { Digest, EventSink, Span } from '../../core/index.ts';
import type { BuildOptions } from '../build/types.ts';

export interface LockOptions {
  /**
   * The build whose names are pinned. Without a target all stages are looked at; several platforms are, one after the
   * other. Its policy of pulling says where images are looked up, `always` if not given.
   */
  readonly build: BuildOptions;
  /** Names, as in the Dockerfile or in the lock file, that are asked for again; what is not in it always is. */
  readonly update?: 'all' | readonly string[];
  /** Entries that this build does not ask for stay: those of other arguments, platforms or targets. */
  readonly keepOthers?: boolean;
  /** Ask for everything again, and write nothing. */
  readonly check?: boolean;
}

/**
 * What became of an entry, or what is to become of it where nothing is written. The last three are asked for no more:
 * they are left out, stay because somebody wants that, or are only told.
 */
export type LockChange = 'same' | 'added' | 'moved' | 'removed' | 'kept' | 'unused';

/** One name, and what it means. */
export interface LockEntry {
  readonly kind: 'image' | 'file' | 'git';
  /** `docker.io/library/python:3.12`, `https://…`. */
  readonly name: string;
  readonly change: LockChange;
  /** A digest, or the id of a commit: what the lock file said before. */
  readonly locked?: Digest | string;
  /** What it means now; absent for what is not asked for. */
  readonly now?: Digest | string;
  /** The first place that asks for it. */
  readonly span?: Span;
}

export interface LockResult {
  /** As it was given, or beside the Dockerfile. */
  readonly file: string;
  /** Whether the file was written: not where nothing of it changed. */
  readonly written: boolean;
  /** By kind and name. */
  readonly entries: readonly LockEntry[];
}

export interface LockVerbs {
  /**
   * Pins what a build fetches. The lock file is written whole or not at all.
   * @throws MilleError `usage` where there is no place for it or a name is none of the build, and those of a build
   */
  lock(options: LockOptions, events: EventSink, signal: AbortSignal): Promise<LockResult>;
}
