// What fetching needs from outside, handed in.

import type { Store } from '../../oci/store/index.ts';

/** The services and settings of the remote sources of one build. */
export interface SourceOptions {
  readonly store: Store;
  readonly signal: AbortSignal;
  /** Secrets of the build: tokens for git and for HTTP are looked up among them by name. */
  readonly secrets: {
    readonly values: ReadonlyMap<string, Uint8Array>;
    /** Replaces every value by `****`. */
    redact(text: string): string;
  };
  /** Absolute paths of the sockets of SSH agents, by id. */
  readonly agents: ReadonlyMap<string, string>;
  /** Certificate authorities in PEM form, trusted beside the machine's. */
  readonly ca?: string;
  /** Seconds since the epoch. */
  readonly now: () => number;
}

/** The sources of one build: what was handed in, and what is made once. */
export interface SourceSession extends SourceOptions {
  /** The file that git is to take authorities from; undefined where its own will do. */
  caFile(): Promise<string | undefined>;
  /** Something is added to what is kept of git: room is to be made at the end. */
  noteGrowth(): void;
}

/** Told what is being done, for a display; `done` and `total` are bytes. */
export type Report = (doing: string, done?: number, total?: number) => void;
