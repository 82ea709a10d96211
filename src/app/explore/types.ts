// An image to walk about in, as the explorer sees it.

import type { FileHistory, FileView, Scope, WastedVersion } from '../../insight/explore/index.ts';
import type { LayerFacts, LayerStack, Waste } from '../../insight/inspect/index.ts';
import type { LookOptions } from '../layers/types.ts';

export type { FileHistory, FileView, Scope, WastedVersion };

/** What a version of a file holds, or its beginning. */
export interface FileContent {
  readonly bytes: Uint8Array;
  /** Of the whole file. */
  readonly size: number;
}

/** Where a file goes on this machine. */
export interface ExtractTarget {
  /** As written; relative to the working directory. */
  readonly path: string;
  readonly overwrite: boolean;
}

/** What is to be seen of an image. */
export interface ExploredImage {
  readonly title: string;
  /** `linux/amd64`. */
  readonly platform: string;
  readonly stack: LayerStack;
  /** Those of the stack. */
  readonly layers: readonly LayerFacts[];
  readonly waste: Waste;
  readonly history: FileHistory;
  /** The biggest first. */
  readonly wasted: readonly WastedVersion[];
  /** Of each layer, bytes that it wrote and nobody needs. */
  readonly wastedBy: readonly number[];
  /** The tree as seen at a layer. */
  view(layer: number, scope: Scope): FileView;
}

/** An image that is open for the explorer. */
export interface Exploration extends ExploredImage {
  /** Reads a version of a file, at most `limit` bytes of it. @throws MilleError `interrupted` when the signal aborts */
  read(version: number, limit: number, signal: AbortSignal): Promise<FileContent>;
  /**
   * Writes a version of a file to this machine.
   * @returns `exists` where there is something already and nobody said to overwrite it
   * @throws MilleError `io`, `interrupted`
   */
  extract(version: number, target: ExtractTarget, signal: AbortSignal): Promise<'done' | 'exists'>;
}

/** The verb of the explorer. */
export interface ExploreVerbs {
  /** Opens an image for as long as `work` walks about in it. */
  explore<T>(
    options: LookOptions,
    signal: AbortSignal,
    work: (exploration: Exploration) => Promise<T>,
  ): Promise<T>;
}
